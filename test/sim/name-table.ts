// A set of 48-bit names in one typed array: a day of packets as a `Set` of numbers is millions of
// objects, and looking after them costs more than the run.

const SLOTS_FIRST = 2 ** 8;

export type NameTable = {
  readonly has: (name: number) => boolean;
  readonly add: (name: number) => void;
};

/** For names that are random: whole numbers, whose low bits say where in the table they are. */
export function createNameTable(): NameTable {
  let slots = new Float64Array(SLOTS_FIRST);
  let size = 0;

  /** Where `name` is, or would be. A free slot holds 0, so each name is kept as one more. */
  const find = (name: number): number => {
    const mask = slots.length - 1;
    let at = (name % 0x1_0000_0000) & mask;
    while (slots[at] !== 0 && slots[at] !== name + 1) at = (at + 1) & mask;
    return at;
  };
  const grow = (): void => {
    const outgrown = slots;
    slots = new Float64Array(2 * outgrown.length);
    for (const kept of outgrown) if (kept !== 0) slots[find(kept - 1)] = kept;
  };
  return {
    has: (name) => slots[find(name)] !== 0,
    add: (name) => {
      const at = find(name);
      if (slots[at] !== 0) return;
      slots[at] = name + 1;
      size += 1;
      if (2 * size > slots.length) grow();
    },
  };
}

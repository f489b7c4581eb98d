// Looks for a text in everything that can be reached from some objects: elements and their values,
// what React keeps beside them (props, states, effects, closures' own properties), maps and sets.
// What a closure holds in a variable cannot be reached this way.

/** Objects looked at before a search gives up with an error: more than any window of the tests. */
const OBJECTS_MAX = 2_000_000;

/** Where `text` stands, as the names that lead there; null for nowhere. */
export function pathTo(roots: readonly object[], text: string): string | null {
  const seen = new Set<object>();
  const queue: { readonly value: object; readonly path: string }[] = roots.map((value, index) => ({
    value,
    path: String(index),
  }));
  for (let at = 0; at < queue.length; at++) {
    if (at > OBJECTS_MAX) throw new Error('must hold: a window has fewer objects');
    const next = queue[at];
    if (next === undefined || seen.has(next.value)) continue;
    seen.add(next.value);
    for (const [name, part] of partsOf(next.value)) {
      const path = `${next.path}.${name}`;
      if (typeof part === 'string' && part.includes(text)) return path;
      if ((typeof part === 'object' && part !== null) || typeof part === 'function') {
        if (!seen.has(part)) queue.push({ value: part, path });
      }
    }
  }
  return null;
}

function* partsOf(value: object): Generator<readonly [string, unknown]> {
  if (value instanceof Map || value instanceof Set) {
    for (const [index, entry] of [...value.entries()].entries()) yield [String(index), entry];
  }
  if (value instanceof HTMLInputElement || value instanceof HTMLTextAreaElement) {
    yield ['value', value.value];
  }
  if (value instanceof Node) {
    yield ['text', value.nodeValue];
    for (const [index, child] of [...value.childNodes].entries()) yield [`child${index}`, child];
  }
  for (const key of Reflect.ownKeys(value)) {
    // The window's own globals lead to the test's.
    if (key === 'defaultView' || value === globalThis) continue;
    const descriptor = Object.getOwnPropertyDescriptor(value, key);
    if (descriptor !== undefined && 'value' in descriptor) yield [String(key), descriptor.value];
  }
}

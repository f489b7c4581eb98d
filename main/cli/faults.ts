// Faults for a network under test: a share of Sphinx packets is lost at a node, or all come later.
// They stand between the links and the role, so links and role run as they always do.
import * as z from 'zod/mini';
import { frameKindOf } from '../../shared/network/frame-sizes.ts';
import { drawUnit, type RandomSource } from '../../shared/random.ts';
import type { LinkInput } from '../mixnet/role.ts';

/** Packets that wait for a delay at once; beyond, they are lost. */
export const FAULT_DELAYED_MAX = 20_000;
export const FAULT_DELAY_MS_MAX = 600_000;

const delayMs = z.number().check(z.minimum(0), z.maximum(FAULT_DELAY_MS_MAX));
const faultFields = {
  /** Share of Sphinx packets that are lost, 0 to 1; this and `delayMs` stay until changed. */
  drop: z.optional(z.number().check(z.minimum(0), z.maximum(1))),
  delayMs: z.optional(delayMs),
};
/** What a node is told on its stdin. */
export const nodeFaultSchema = z.strictObject(faultFields);
export type NodeFault = z.infer<typeof nodeFaultSchema>;

/** What a network is told on its stdin. */
export const faultLineSchema = z.strictObject({
  fault: z.strictObject({
    node: z.string(),
    ...faultFields,
    /** The process is stopped for so long, with all its connections open. */
    pauseMs: z.optional(delayMs),
    /** The process is killed as by a fault of the machine, and started again a second later. */
    kill: z.optional(z.boolean()),
  }),
});

export type Faults = {
  readonly set: (fault: NodeFault) => void;
  /** Hands on what a link brought, or does what the faults say. */
  readonly pass: (input: LinkInput) => void;
  /** What was done so far. */
  readonly counts: () => { readonly fault_lost: number; readonly fault_delayed: number };
  readonly end: () => void;
};

export function createFaults(random: RandomSource, onInput: (input: LinkInput) => void): Faults {
  let drop = 0;
  let delay = 0;
  let lost = 0;
  let delayed = 0;
  const waiting = new Set<NodeJS.Timeout>();
  return {
    set: (fault) => {
      drop = fault.drop ?? drop;
      delay = fault.delayMs ?? delay;
    },
    pass: (input) => {
      if (input.kind !== 'frame' || frameKindOf(input.frame[0] ?? 0) !== 'sphinx') {
        onInput(input);
        return;
      }
      if ((drop > 0 && drawUnit(random) <= drop) || waiting.size >= FAULT_DELAYED_MAX) {
        lost += 1;
      } else if (delay === 0) onInput(input);
      else {
        delayed += 1;
        const timer = setTimeout(() => {
          waiting.delete(timer);
          onInput(input);
        }, delay);
        waiting.add(timer);
      }
    },
    counts: () => ({ fault_lost: lost, fault_delayed: delayed }),
    end: () => {
      for (const timer of waiting) clearTimeout(timer);
      waiting.clear();
    },
  };
}

// One clock for threads and processes of this machine: `monotonicMs` counts from the start of its
// own thread.

/** Milliseconds of the system's monotonic clock. */
export function systemClockMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

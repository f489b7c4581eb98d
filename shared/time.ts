// The two times of the program. Roles are given both with every input; none of them asks a clock.

/**
 * `monotonicMs`: since an arbitrary start, never goes back, fractional; what schedules live on.
 * `unixMs`: by the machine's clock, which may be wrong and may jump; what epochs and expiry live
 * on.
 */
export type Now = { readonly monotonicMs: number; readonly unixMs: number };

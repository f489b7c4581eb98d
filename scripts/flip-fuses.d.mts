// Types of flip-fuses.mjs, which electron-builder loads.
export const fuses: Record<string, boolean | string>;

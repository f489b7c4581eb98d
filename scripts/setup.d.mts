// Types of setup.mjs, which is plain JavaScript for the oldest Node.
import type { Problem } from './install.mjs';

export const END_WAIT_MS: number;
export function scriptNodeProblem(version: string, platform: string, arch: string): Problem | null;

/** The script that runs one node, and Node's flags for it. */
export const nodeScript: { readonly script: string; readonly flags: readonly string[] };

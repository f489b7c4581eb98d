// Types of install.mjs, which is plain JavaScript for the oldest Node.
export type Problem = {
  readonly problem: string;
  readonly remedy: string;
  readonly code?: number;
};
export function installPackages(root: string, say: (text: string) => void): Promise<Problem | null>;
export function explainInstall(output: string, folder: string): Problem;
export function isUnpacked(output: string): boolean;
export function isInstalled(root: string): boolean;
export function expectedPackages(
  lock: unknown,
  system: { platform: string; arch: string; isMusl: boolean },
): string[];

// The processes below one, as Linux tells of them: whose they are, what they were started with, and
// whether a seccomp filter holds them.
import { readdirSync, readFileSync } from 'node:fs';

export type ProcessFacts = {
  readonly pid: number;
  readonly uid: number;
  readonly args: readonly string[];
  /** 2 where a filter decides which system calls there are. */
  readonly seccomp: number;
};

/** `root` and all its descendants that still run. */
export function processTree(root: number): ProcessFacts[] {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const parent = field(pid, 'PPid');
    if (parent !== null) parents.set(pid, parent);
  }
  const isBelow = (pid: number): boolean => {
    if (pid === root) return true;
    const parent = parents.get(pid);
    return parent !== undefined && isBelow(parent);
  };
  return [...parents.keys()].filter(isBelow).flatMap((pid) => {
    const uid = field(pid, 'Uid');
    const seccomp = field(pid, 'Seccomp');
    if (uid === null || seccomp === null) return [];
    return [{ pid, uid, seccomp, args: commandLine(pid) }];
  });
}

function field(pid: number, name: string): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const value = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1];
    return value === undefined ? null : Number(value);
  } catch {
    return null;
  }
}

/** Chromium joins the arguments of its helpers with spaces, so both are taken apart. */
function commandLine(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split(/[\0 ]/);
  } catch {
    return [];
  }
}

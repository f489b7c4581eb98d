// How the Eddys of one data folder share one demo network: whoever runs its process keeps a small
// file of what is known of it, and the others read that. The file says nothing about who may run
// the network: the lock of the folder does. It only spares the others a start that would fail.
import { readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { demoSchema } from '../../shared/api-profile.ts';
import { type NetworkFile, parseNetworkFile } from '../../shared/network/network-file.ts';
import { FILE_MODE } from '../store/durable-file.ts';
import { unixMs } from '../system.ts';
import type { DemoNote } from './program.ts';

/** How often the process of the network says that it is there. */
export const DEMO_BEAT_MS = 2_000;
/** Without a sign for so long, somebody else may try to run it. */
export const DEMO_SILENT_MS = 10_000;

/** The exit code of a demo process whose folder another one holds. */
export const DEMO_IN_USE = 3;

/** A note as it crosses between processes: the network as its file. */
export const demoReportSchema = z.strictObject({
  pid: z.int(),
  state: demoSchema,
  network: z.nullable(z.string()),
  correspondent: z.nullable(z.string()),
});
export type DemoReport = z.infer<typeof demoReportSchema>;

export function noteOf({ state, network, correspondent }: DemoReport): DemoNote {
  const parsed = network === null ? null : parseNetworkFile(network);
  return { state, network: parsed?.ok === true ? parsed.network : null, correspondent };
}

/** The network of the demo in `folder`; null where none was made yet. */
export function demoNetworkOf(folder: string): NetworkFile | null {
  try {
    const parsed = parseNetworkFile(readFileSync(path.join(folder, 'network.json'), 'utf8'));
    return parsed.ok ? parsed.network : null;
  } catch {
    return null;
  }
}

/** Says what is known, to whoever reads the file. */
export function writeDemoFile(folder: string, report: DemoReport): void {
  const file = demoFile(folder);
  writeFileSync(`${file}.new`, `${JSON.stringify(report)}\n`, { mode: FILE_MODE });
  renameSync(`${file}.new`, file);
}

/** Says that the process is still there. */
export function beatDemoFile(folder: string): void {
  const now = unixMs() / 1_000;
  utimesSync(demoFile(folder), now, now);
}

/** Says that it ends in order. */
export function removeDemoFile(folder: string): void {
  rmSync(demoFile(folder), { force: true });
}

/** What the process that runs the network last said; null where none seems to run. */
export function readDemoFile(folder: string): DemoReport | null {
  const file = demoFile(folder);
  try {
    const silentMs = unixMs() - statSync(file).mtimeMs;
    const report = parseDemoReport(readFileSync(file, 'utf8'));
    if (report === null || Math.abs(silentMs) > DEMO_SILENT_MS) return null;
    return isThere(report.pid) ? report : null;
  } catch {
    return null;
  }
}

/** What a demo file's text says; null where it says nothing of this version. */
export function parseDemoReport(text: string): DemoReport | null {
  try {
    const parsed = demoReportSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** A process of this user with that number. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function demoFile(folder: string): string {
  return path.join(folder, 'running.json');
}

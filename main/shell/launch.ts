// What a supervisor tells the browser shell in its first line: a session that outlives the process,
// the port it had, a network to join.
import * as z from 'zod/mini';

const launchSchema = z.strictObject({
  session: z.optional(z.string()),
  port: z.optional(z.int().check(z.gte(0), z.lte(65_535))),
  /** A network to join, as its link or the text of its file. */
  network: z.optional(z.string()),
  /** Its tabs are open already and know the way; no address is printed. */
  isRestart: z.optional(z.boolean()),
});
export type Launch = z.infer<typeof launchSchema>;

/** The launch of a line of JSON, or null. Nothing of the line is repeated: it holds a secret. */
export function parseLaunch(line: string): Launch | null {
  try {
    const parsed = launchSchema.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

// How a second start of one profile finds the first: a file in the profile's folder, readable by
// its user alone, holds the port and a secret. Both sides prove that they know the secret and
// neither sends it, so a stranger who took the port over learns nothing and can answer nothing.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import path from 'node:path';
import * as z from 'zod/mini';
import { randomToken } from './gate.ts';

export const INSTANCE_PATH = '/instance';
/** How long a first start may take to answer before its file is held for one that is left over. */
export const ANSWER_WAIT_MS = 2_000;
/** Bytes of an answer that are read at most. */
export const ANSWER_SIZE_MAX = 4_096;

const ASK_HEADER = 'x-eddy-ask';
const fileSchema = z.strictObject({
  port: z.int().check(z.gte(1), z.lte(65_535)),
  secret: z.string().check(z.minLength(43), z.maxLength(43)),
});
const answerSchema = z.strictObject({ address: z.string(), proof: z.string() });

export type Instance = {
  /** Answers a second start, if that is what asks; false leaves the request to others. */
  readonly answer: (request: IncomingMessage, response: ServerResponse) => boolean;
  readonly remove: () => void;
};

/** Leaves the file for later starts; `address` gives a fresh one-time address to each that asks. */
export function announceInstance(
  profileDir: string,
  port: number,
  address: () => string,
): Instance {
  const file = instanceFile(profileDir);
  const secret = randomToken();
  writeFileSync(`${file}.new`, JSON.stringify({ port, secret }), { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return {
    answer: (asked, response) => {
      const [nonce = '', proof = ''] = String(asked.headers[ASK_HEADER] ?? '').split('.');
      const isFromPage = asked.headers.origin !== undefined;
      if (asked.method !== 'POST' || isFromPage || !same(proof, prove(secret, 'ask', nonce))) {
        return false;
      }
      const fresh = address();
      const body = { address: fresh, proof: prove(secret, `answer ${fresh}`, nonce) };
      response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
      response.end(JSON.stringify(body));
      return true;
    },
    remove: () => {
      if (read(file)?.secret === secret) rmSync(file, { force: true });
    },
  };
}

/** A fresh address of the shell that has this profile open; null where none has. */
export async function askInstance(profileDir: string): Promise<string | null> {
  const known = read(instanceFile(profileDir));
  if (known === null) return null;
  const nonce = randomToken();
  const text = await post(known.port, `${nonce}.${prove(known.secret, 'ask', nonce)}`);
  if (text === null) return null;
  const answer = answerSchema.safeParse(parseJson(text));
  if (!answer.success) return null;
  const { address, proof } = answer.data;
  if (!same(proof, prove(known.secret, `answer ${address}`, nonce))) return null;
  return address.startsWith(`http://127.0.0.1:${known.port}/`) ? address : null;
}

/** Where the file of `profileDir` lies. */
export function instanceFile(profileDir: string): string {
  return path.join(profileDir, 'browser-shell.json');
}

function read(file: string): z.infer<typeof fileSchema> | null {
  try {
    return parseInstance(readFileSync(file, 'utf8'));
  } catch {
    return null;
  }
}

/** Port and secret as the file's text says them; null where it is not one of ours. */
export function parseInstance(text: string): z.infer<typeof fileSchema> | null {
  const parsed = fileSchema.safeParse(parseJson(text));
  return parsed.success ? parsed.data : null;
}

/** The body of the answer, or null for every kind of no answer. */
function post(port: number, ask: string): Promise<string | null> {
  return new Promise((resolve) => {
    const headers = { [ASK_HEADER]: ask, 'Content-Length': 0 };
    const signal = AbortSignal.timeout(ANSWER_WAIT_MS);
    const options = { host: '127.0.0.1', port, method: 'POST', path: INSTANCE_PATH, headers };
    const asking = request({ ...options, signal, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > ANSWER_SIZE_MAX) response.destroy();
      });
      response.on('end', () => resolve(response.statusCode === 200 ? body : null));
      response.on('close', () => resolve(null));
    });
    asking.on('error', () => resolve(null));
    asking.end();
  });
}

function prove(secret: string, what: string, nonce: string): string {
  return createHmac('sha256', secret).update(`${what}\n${nonce}`).digest('base64url');
}

function same(given: string, expected: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(expected);
  return a.length === b.length && timingSafeEqual(a, b);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

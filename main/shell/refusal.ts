// Why the browser shell turned a request away: a closed union, and for each a page that says what
// to do, in the words of main/texts.ts. Nothing of the request is repeated in it.
import type { IncomingHttpHeaders } from 'node:http';
import { randomBytes } from '../system.ts';
import { type Texts, textsOf } from '../texts.ts';

export type ShellRefusal =
  | 'foreign_host'
  | 'foreign_origin'
  | 'foreign_site'
  | 'method_refused'
  | 'no_token'
  | 'old_token'
  | 'old_session'
  | 'too_many_tabs'
  | 'unknown_path';

/** Status, and whether the reader is told how to get a new address. */
export const refusals: Readonly<
  Record<ShellRefusal, { readonly status: number; readonly isAgain?: boolean }>
> = {
  foreign_host: { status: 421 },
  foreign_origin: { status: 403 },
  foreign_site: { status: 403 },
  method_refused: { status: 405 },
  no_token: { status: 403, isAgain: true },
  old_token: { status: 403, isAgain: true },
  old_session: { status: 403, isAgain: true },
  too_many_tabs: { status: 503 },
  unknown_path: { status: 404 },
};

export type RefusalAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * The whole answer: a page where the caller takes one, else a line of text. Its name is a header.
 */
export function refusalAnswer(reason: ShellRefusal, asked: IncomingHttpHeaders): RefusalAnswer {
  const { status, isAgain } = refusals[reason];
  const texts = textsOf(asked['accept-language'] ?? '');
  const own = texts[`refusal.${reason}`];
  const text = isAgain === true ? `${own} ${texts['refusal.again']}` : own;
  const nonce = Buffer.from(randomBytes(16)).toString('base64');
  const isPage = asked.accept?.includes('text/html') === true;
  return {
    status,
    headers: {
      'Content-Type': `${isPage ? 'text/html' : 'text/plain'}; charset=utf-8`,
      'Content-Security-Policy': policy(nonce),
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cache-Control': 'no-store',
      'X-Eddy-Refused': reason,
      ...(status === 405 ? { Allow: 'GET, HEAD' } : {}),
    },
    body: isPage ? refusalPage(texts, text, nonce) : `${text}\n`,
  };
}

function policy(nonce: string): string {
  return [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

function refusalPage(texts: Texts, text: string, nonce: string): string {
  const style = [
    ':root{color-scheme:light dark;font:1rem/1.5 system-ui}',
    'main{max-width:32rem;margin:20vh auto;padding:0 1rem}h1{font-size:1.25rem}',
  ].join('');
  return [
    `<!doctype html><html lang="${texts.language}"><meta charset="utf-8" /><title>Eddy</title>`,
    '<meta name="viewport" content="width=device-width, initial-scale=1" />',
    `<link rel="icon" href="data:," /><style nonce="${nonce}">${style}</style>`,
    `<main><h1>${texts['refusal.title']}</h1><p>${text}</p></main></html>\n`,
  ].join('\n');
}

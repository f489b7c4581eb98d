// Why the browser shell turned a request away: a closed union, and for each the words of a page
// that says what to do. Nothing of the request is repeated in it.
import { randomBytes } from '../system.ts';

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

const again =
  'Start Eddy with this profile once more: it prints a new address, also while it runs.';

export const refusals: Readonly<
  Record<ShellRefusal, { readonly status: number; readonly text: string }>
> = {
  foreign_host: { status: 421, text: 'This address is not the one that Eddy listens on.' },
  foreign_origin: { status: 403, text: 'Another page asked; only the page that Eddy serves may.' },
  foreign_site: { status: 403, text: 'Another site led here. Open the address that Eddy printed.' },
  method_refused: { status: 405, text: 'Only GET is answered.' },
  no_token: {
    status: 403,
    text: `Open the address that Eddy printed; it carries a token that is needed once. ${again}`,
  },
  old_token: {
    status: 403,
    text: `The token in this address was used or is too old. ${again}`,
  },
  old_session: {
    status: 403,
    text: `This tab belongs to an earlier start of Eddy, which ended. ${again}`,
  },
  too_many_tabs: { status: 503, text: 'Too many tabs are open. Close one and load this one anew.' },
  unknown_path: { status: 404, text: 'Not found.' },
};

export type RefusalAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/**
 * The whole answer: a page where the caller takes one, else a line of text. Its name is a header.
 */
export function refusalAnswer(reason: ShellRefusal, accept: string): RefusalAnswer {
  const { status, text } = refusals[reason];
  const nonce = Buffer.from(randomBytes(16)).toString('base64');
  const isPage = accept.includes('text/html');
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
    body: isPage ? refusalPage(text, nonce) : `${text}\n`,
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

function refusalPage(text: string, nonce: string): string {
  const style = [
    ':root{color-scheme:light dark;font:1rem/1.5 system-ui}',
    'main{max-width:32rem;margin:20vh auto;padding:0 1rem}h1{font-size:1.25rem}',
  ].join('');
  return [
    '<!doctype html><html lang="en"><meta charset="utf-8" /><title>Eddy</title>',
    '<meta name="viewport" content="width=device-width, initial-scale=1" />',
    `<link rel="icon" href="data:," /><style nonce="${nonce}">${style}</style>`,
    `<main><h1>Eddy is not shown here</h1><p>${text}</p></main></html>\n`,
  ].join('\n');
}

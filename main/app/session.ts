// The Chromium side of the desktop app is given nothing: our own scheme and no network, no
// permission, no device, no download.
import type { Session } from 'electron';
import type { Page } from '../page.ts';

/** The page's host in our scheme; another host there is another origin and answers nothing. */
export const PAGE_HOST = 'eddy';

/** Whether a request of the Chromium side may go on at all. */
export function isAllowedUrl(text: string, isPackaged: boolean): boolean {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return false;
  }
  if (url.protocol === 'app:') return url.host === PAGE_HOST;
  // Blob URLs of the page itself; their origin is in their path.
  if (url.protocol === 'blob:') return url.pathname.startsWith(`app://${PAGE_HOST}/`);
  return url.protocol === 'devtools:' && !isPackaged;
}

/** Serves `page` on app://eddy/ in `own` and denies every other request and every permission. */
export async function hardenSession(own: Session, page: Page, isPackaged: boolean): Promise<void> {
  own.protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    const answer = await page.respond(
      request.method,
      url.host === PAGE_HOST ? url.pathname : '/\0another-host',
    );
    return new Response(Buffer.from(answer.body), {
      status: answer.status,
      headers: answer.headers,
    });
  });
  own.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !isAllowedUrl(details.url, isPackaged) });
  });
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.setDisplayMediaRequestHandler((_request, decide) => decide({}));
  own.on('will-download', (event) => event.preventDefault());
  // Behind the two locks above: whatever got past them meets a proxy that nobody listens on.
  await own.setProxy({ proxyRules: '127.0.0.1:9', proxyBypassRules: '<-loopback>' });
}

// The Chromium side of the desktop app is given nothing: our own scheme and no network, no
// permission, no device.
import { session } from 'electron';
import type { Page } from '../page.ts';

const allowedSchemes = new Set(['app:', 'devtools:', 'blob:']);

/** Serves `page` on app://eddy/ and denies every other request and every permission. */
export function hardenSession(page: Page): void {
  const own = session.defaultSession;
  own.protocol.handle('app', async (request) => {
    const url = new URL(request.url);
    const answer = await page.respond(url.host === 'eddy' ? request.method : 'OTHER', url.pathname);
    return new Response(Buffer.from(answer.body), {
      status: answer.status,
      headers: answer.headers,
    });
  });
  own.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !allowedSchemes.has(new URL(details.url).protocol) });
  });
  own.setPermissionRequestHandler((_contents, _permission, decide) => decide(false));
  own.setPermissionCheckHandler(() => false);
  own.setDevicePermissionHandler(() => false);
  own.setDisplayMediaRequestHandler((_request, decide) => decide({}));
}

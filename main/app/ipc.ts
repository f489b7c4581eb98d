// The one door between window and engine: sender checked, frame parsed, result enveloped.
import { type BrowserWindow, type IpcMainInvokeEvent, ipcMain } from 'electron';
import { isRefusal, parseRequestText, type Reply, refusal } from '../../shared/api.ts';
import type { EngineHost } from '../engine/host.ts';
import type { Log } from '../log.ts';

export const CALL_CHANNEL = 'eddy:call';
export const EVENT_CHANNEL = 'eddy:event';
export const PAGE_ORIGIN = 'app://eddy';

/** Opens the door for `window` and closes it with it. */
export function openDoor(window: BrowserWindow, host: EngineHost, log: Log): void {
  ipcMain.handle(CALL_CHANNEL, async (event, text: unknown): Promise<Reply> => {
    if (!isOwnFrame(event, window)) {
      log('warn', 'ipc_refused', { reason: 'foreign_sender' });
      return refusal(-1, 'foreign_sender', 'sender: expected the top frame of the page');
    }
    if (typeof text !== 'string') return refusal(-1, 'bad_frame', 'frame: expected text');
    const request = parseRequestText(text);
    return isRefusal(request) ? request : host.handle(request);
  });
  const contents = window.webContents;
  let unlisten: (() => void) | null = null;
  contents.on('did-finish-load', () => {
    unlisten?.();
    unlisten = host.listen((frame) => contents.send(EVENT_CHANNEL, frame));
  });
  window.on('closed', () => {
    unlisten?.();
    ipcMain.removeHandler(CALL_CHANNEL);
  });
}

/** The sender frame is null once it navigated away or was destroyed. */
function isOwnFrame(event: IpcMainInvokeEvent, window: BrowserWindow): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === window.webContents.mainFrame && frame.origin === PAGE_ORIGIN;
}

// The one door between windows and engine: sender checked, rate bounded, frame parsed, result
// enveloped. Whoever is refused learns a name; nothing that crosses here holds a path or a key.
import type { IpcMain, IpcMainInvokeEvent, WebContents } from 'electron';
import { isRefusal, parseRequestText, type Reply, refusal } from '../../shared/api.ts';
import type { EngineHost } from '../engine/host.ts';
import type { Log } from '../log.ts';
import { createRate } from '../rate.ts';

export const CALL_CHANNEL = 'eddy:call';
export const EVENT_CHANNEL = 'eddy:event';
export const PAGE_ORIGIN = 'app://eddy';

export type Door = {
  /** Lets the top frame of `contents` call, and tells it events from its first load on. */
  readonly admit: (contents: WebContents) => void;
};

export type DoorOptions = {
  readonly ipc: IpcMain;
  readonly host: EngineHost;
  readonly log: Log;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
};

/** Opens the door; it takes calls of admitted windows alone. */
export function openDoor(options: DoorOptions): Door {
  const { host, log } = options;
  const admitted = new Map<WebContents, ReturnType<typeof createRate>>();

  options.ipc.handle(CALL_CHANNEL, async (event, ...args: unknown[]): Promise<Reply> => {
    const rate = admitted.get(event.sender);
    if (rate === undefined || !isOwnFrame(event)) {
      log('warn', 'ipc_refused', { reason: 'foreign_sender' });
      return refusal(-1, 'foreign_sender', 'sender: expected the top frame of the page');
    }
    const [text] = args;
    if (args.length !== 1 || typeof text !== 'string') {
      return refusal(-1, 'bad_frame', 'frame: expected one text');
    }
    const request = parseRequestText(text);
    if (rate.take(options.now()) !== 'within') {
      return refusal(isRefusal(request) ? -1 : request.id, 'busy', 'calls: too many a second');
    }
    return isRefusal(request) ? request : host.handle(request);
  });

  return {
    admit: (contents) => {
      admitted.set(contents, createRate());
      let unlisten: (() => void) | null = null;
      const hush = () => {
        unlisten?.();
        unlisten = null;
      };
      contents.on('did-finish-load', () => {
        hush();
        if (contents.mainFrame.origin !== PAGE_ORIGIN) return;
        unlisten = host.listen((frame) => {
          if (!contents.isDestroyed()) contents.send(EVENT_CHANNEL, frame);
        });
      });
      contents.on('render-process-gone', hush);
      contents.on('destroyed', () => {
        hush();
        admitted.delete(contents);
      });
    },
  };
}

/** The sender frame is null once it navigated away or was destroyed. */
function isOwnFrame(event: IpcMainInvokeEvent): boolean {
  const frame = event.senderFrame;
  return frame !== null && frame === event.sender.mainFrame && frame.origin === PAGE_ORIGIN;
}

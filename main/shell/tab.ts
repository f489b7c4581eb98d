// One connected tab: text frames in, replies and events out, and what happens when a tab sends too
// much or reads too slowly.
import type { RawData, WebSocket } from 'ws';
import { FRAME_LENGTH_MAX, isRefusal, parseRequestText, refusal } from '../../shared/api.ts';
import type { EngineHost } from '../engine/host.ts';
import { createRate } from '../rate.ts';
import { monotonicMs } from '../system.ts';

/** Bytes waiting for a slow tab before it is cut off; it reconnects and asks anew. */
export const TAB_BUFFER_SIZE_MAX = 8 * 1024 * 1024;
/**
 * Bytes of one WebSocket message. Far above FRAME_LENGTH_MAX, so that a frame that is merely too
 * long is refused by name; past this the connection ends with 1009 before the rest is read.
 */
export const MESSAGE_SIZE_MAX = 4 * FRAME_LENGTH_MAX;
/** WebSocket close code for a breach of a rule (RFC 6455, 7.4.1). */
export const CLOSE_FLOOD = 1008;

/** Serves `tab` until it closes; `onClose` is called once, then. */
export function serveTab(tab: WebSocket, host: EngineHost, onClose: () => void): void {
  const rate = createRate();
  const send = (frame: unknown) => {
    if (tab.readyState !== tab.OPEN) return;
    if (tab.bufferedAmount > TAB_BUFFER_SIZE_MAX) tab.terminate();
    else tab.send(JSON.stringify(frame));
  };
  const unlisten = host.listen(send);
  tab.on('message', (data, isBinary) => {
    if (tab.readyState !== tab.OPEN) return;
    const verdict = rate.take(monotonicMs());
    if (verdict === 'flood') return tab.close(CLOSE_FLOOD, 'too many frames a second');
    if (isBinary) return send(refusal(-1, 'bad_frame', 'frame: expected text'));
    const request = parseRequestText(textOf(data));
    if (verdict === 'over') {
      const id = isRefusal(request) ? -1 : request.id;
      return send(refusal(id, 'busy', 'calls: too many a second'));
    }
    if (isRefusal(request)) return send(request);
    void host.handle(request).then(send);
  });
  tab.on('error', () => tab.terminate());
  tab.on('close', () => {
    unlisten();
    onClose();
  });
}

/** A text message of `ws` is one buffer, its type says more. */
function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
}

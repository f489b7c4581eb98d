// Receipts: what has arrived and, where its reader wants it, what was read. They wait a little for
// others to ride along, and go as any message does.
import { RECEIPT_UIDS_MAX } from '../../../shared/message/content.ts';
import { trafficSets } from '../../../shared/network/traffic.ts';
import type { ReceiptLevel } from '../../store/outgoing-store.ts';
import type { Parts, Work } from './parts.ts';
import type { Posting } from './posting.ts';

/** Payload slots for which a receipt waits for others. */
export const RECEIPT_WAIT_SLOTS = 4;

export type Receipts = {
  /** He is to be told of this message of his. */
  readonly owe: (work: Work, contact: number, level: ReceiptLevel, uid: Uint8Array) => void;
  /** One message with what he is to be told at this level. */
  readonly pay: (work: Work, contact: number, level: ReceiptLevel) => void;
};

export function createReceipts(parts: Parts, posting: Posting): Receipts {
  const { people, outgoing } = parts;
  return {
    owe: (work, contact, level, uid) => {
      const traffic = parts.mixnet()?.client.traffic() ?? trafficSets.standard;
      const waitMs = RECEIPT_WAIT_SLOTS * traffic.payloadIntervalMsMean;
      outgoing.addReceipt(contact, level, uid, work.now.unixMs + waitMs);
    },
    pay: (work, id, level) => {
      const contact = people.contact(id);
      if (contact === null || contact.state !== 'accepted') {
        outgoing.removeReceipts(id);
        return;
      }
      const uids = outgoing.receiptUids(id, level, RECEIPT_UIDS_MAX);
      if (uids.length === 0) return;
      posting.post(work, {
        contact,
        body: { kind: 'receipt', level, uids },
        priority: 'background',
      });
      for (const uid of uids) outgoing.removeReceipt(id, level, uid);
    },
  };
}

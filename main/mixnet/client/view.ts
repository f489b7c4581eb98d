// What can be asked of a client between its steps: how it stands, its messages, counters and
// ledger. Nothing here changes anything.
import type { MailboxAddress } from '../../../shared/network/address.ts';
import type { Traffic } from '../../../shared/network/traffic.ts';
import type { Now } from '../../../shared/time.ts';
import type { Counter } from '../refusal.ts';
import type { ByteCount } from './byte-count.ts';
import type { Client, ClientCounters, ClientEvent, ForecastMessage } from './contract.ts';
import { type Directory, newestDocument } from './directory.ts';
import type { Home } from './home.ts';
import type { Inbox } from './inbox.ts';
import type { Ledger } from './ledger.ts';
import { addressOf, forecastOf, type News } from './news.ts';
import type { Outbox } from './outbox.ts';
import type { Accepts } from './outbox-message.ts';
import { isRecipient } from './packets.ts';
import type { Slots } from './slots.ts';
import type { StoreRoom } from './store-room.ts';

export type ViewParts = {
  readonly networkHash: Uint8Array;
  readonly directory: Directory;
  readonly news: News;
  readonly room: StoreRoom;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly ledger: Ledger;
  readonly slots: Slots;
  readonly bytes: ByteCount;
  readonly events: Counter<ClientEvent>;
  readonly home: () => Home | null;
  readonly now: () => Now;
  /** Real messages are held back. */
  readonly isHeld: () => boolean;
  /** The network's rates, those of the newest document before a client goes by them. */
  readonly traffic: () => Traffic | null;
};

/** A client without what it does. */
export type ClientView = Omit<Client, 'receive' | 'wake' | 'nextWakeAt'>;

/** Mails in a pull answer; the length of what asks for the first document depends on it too. */
export const pullMailCountOf = (traffic: Traffic | null): number => traffic?.pullMailCount ?? 1;

export function createView(parts: ViewParts): ClientView {
  const { directory, news, room, outbox, inbox, ledger, traffic } = parts;
  const home = () => parts.home();

  /** Messages that the next slots can take: none while they are held back, or nothing leaves. */
  const canLeave = (): Accepts => {
    const isOnline = home()?.session.state() === 'online';
    const isStill = parts.isHeld() || !isOnline || room.isFull();
    return isRecipient(isStill ? null : directory.groundAt(parts.now().unixMs));
  };

  const counters = (): ClientCounters => ({
    events: parts.events.snapshot(),
    streams: parts.slots.counts(),
    inbox: inbox.counts(),
    outbox: outbox.counts(),
    backlog: home()?.mail.backlog() ?? { mails: 0, acknowledgements: 0 },
    days: parts.bytes.days(),
  });

  return {
    status: () => news.status(home(), room, parts.now()),
    address: (): MailboxAddress | null => {
      const own = home();
      return own === null ? null : addressOf(own, parts.networkHash);
    },
    traffic,
    pullMailCount: () => pullMailCountOf(traffic()),
    progress: (id) => outbox.progress(id),
    messages: () => outbox.all(),
    ledger: () => ledger.summary(),
    probes: ledger.decided,
    flying: ledger.pending,
    document: () => newestDocument(directory.documents, parts.now().unixMs),
    pulledAtMs: () => home()?.mail.pulledAtMs() ?? null,
    page: (afterId, max): readonly ForecastMessage[] =>
      outbox.page(afterId, max, canLeave()).map(({ slots, ...progress }) => {
        return { ...progress, forecast: forecastOf(slots, traffic()) };
      }),
    forecast: (id) => forecastOf(outbox.slotsUntilGone(id, canLeave()), traffic()),
    counters,
  };
}

// Frames that have arrived, one at a time: hello, registration, pull answers, documents. What does
// not belong is counted by its reason and answered with nothing (design section 2, "Links").

import { decodeFrame, type Frame } from '../../../shared/network/frames.ts';
import type { PullAnswer } from '../../../shared/network/mailbox-frames.ts';
import type { Now } from '../../../shared/time.ts';
import type { DocumentStep } from '../document-fetch.ts';
import { refusalOfHello } from '../greeting.ts';
import type { Counter } from '../refusal.ts';
import type { PeerId } from '../role.ts';
import type { ClientEffect, ClientEvent } from './contract.ts';
import type { Directory } from './directory.ts';
import type { Home } from './home.ts';
import type { Pulls } from './pulls.ts';
import type { SessionStep } from './session.ts';
import type { StoreRoom } from './store-room.ts';

export type IntakeParts = {
  readonly networkHash: Uint8Array;
  readonly directory: Directory;
  readonly pulls: Pulls;
  readonly events: Counter<ClientEvent>;
  readonly home: () => Home | null;
  readonly pullMailCount: () => number;
  readonly send: (peer: PeerId, frame: Frame) => ClientEffect;
  readonly room: StoreRoom;
  /** Keeps a write for a quiet moment; it may be done again. */
  readonly later: (write: () => void) => void;
  /** Messages that are whole now. */
  readonly onReceived: (ids: readonly number[]) => void;
};

export type Intake = {
  readonly take: (peer: PeerId, bytes: Uint8Array, now: Now) => readonly ClientEffect[];
  /** Carries out what a session asks for. */
  readonly session: (home: Home, step: SessionStep) => readonly ClientEffect[];
  readonly document: (step: DocumentStep) => readonly ClientEffect[];
};

export function createIntake(parts: IntakeParts): Intake {
  const { directory, pulls, events, send } = parts;
  let isSaveWaiting = false;

  /** Also where the disk is full now: without it nobody's token would be known there. */
  const beginAnew = (home: Home): void => {
    try {
      home.mail.beginAnew();
    } catch (error) {
      parts.later(home.mail.beginAnew);
      throw error;
    }
  };

  const session = (home: Home, step: SessionStep): readonly ClientEffect[] => {
    if (step.isNew) beginAnew(home);
    const { peer } = home;
    const sends = step.frames.map((frame) => send(peer, frame));
    return step.isEnded ? [...sends, { kind: 'close', peer }] : sends;
  };

  /** A document is of use from memory meanwhile: cover goes on. */
  const saveLater = (): void => {
    if (isSaveWaiting || !directory.isUnsaved()) return;
    isSaveWaiting = true;
    parts.room.setFull();
    parts.later(() => {
      directory.saveRest();
      isSaveWaiting = false;
    });
  };

  const document = (step: DocumentStep): readonly ClientEffect[] => {
    saveLater();
    const effects = step.ask === null ? [] : [send(step.ask.peer, step.ask.request)];
    const { outcome } = step;
    if (outcome === null || outcome === 'known' || outcome === 'no_document') return effects;
    if (outcome === 'accepted') events.count('document_accepted');
    else if (outcome === 'conflict') {
      events.count('document_conflict');
      return [...effects, { kind: 'alarm', reason: 'two_documents' }];
    } else events.count('document_refused');
    return effects;
  };

  const answer = (home: Home, frame: PullAnswer, now: Now): readonly ClientEffect[] => {
    const request = pulls.close(frame);
    if (request === null) {
      events.count('answer_unexpected');
      return [];
    }
    // It is pulled again once there is room.
    if (parts.room.isFull()) return [];
    const news = home.mail.take(frame, request, now);
    events.count('acknowledgement_unknown', news.unknownAcknowledgements);
    parts.onReceived(news.received);
    const effects: ClientEffect[] = news.progress.map((progress) => {
      return { kind: 'progress', progress };
    });
    effects.push(...news.tokensDone.map((number) => ({ kind: 'token-done' as const, number })));
    if (frame.isOtherCopySeen) effects.push({ kind: 'alarm', reason: 'other_copy' });
    return effects;
  };

  return {
    session,
    document,
    take: (peer, bytes, now) => {
      const decoded = decodeFrame(bytes, parts.pullMailCount());
      if (!decoded.ok) {
        events.count(decoded.reason);
        return [];
      }
      const { frame } = decoded;
      const home = parts.home();
      const isOwn = home !== null && home.peer === peer;
      if (frame.kind === 'document-answer') return document(directory.receive(peer, frame, now));
      if (frame.kind === 'hello') {
        const isForeign = refusalOfHello(frame, parts.networkHash) !== null;
        if (!isForeign || isOwn) {
          const alarm = isForeign ? null : directory.hello(peer, frame, now);
          const told: ClientEffect[] = alarm === null ? [] : [{ kind: 'alarm', reason: alarm }];
          return isOwn ? [...told, ...session(home, home.session.hello(frame, now))] : told;
        }
        return [{ kind: 'close', peer }];
      }
      if (isOwn && frame.kind === 'registration-answer') {
        return session(home, home.session.registered(frame, now));
      }
      if (isOwn && frame.kind === 'pull-answer') return answer(home, frame, now);
      events.count('frame_unexpected');
      return [];
    },
  };
}

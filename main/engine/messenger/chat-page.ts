// A page of a chat: which lines are on either side of where the window is, and whether there are
// more beyond. Long texts make a page shorter, so that it is one reply.
import type { CallArgs, CallValue } from '../../../shared/api.ts';
import type { ChatMessage } from '../../../shared/api-chat.ts';
import type { ConversationStore, Place } from '../../store/conversation-store.ts';
import type { StoredMessage } from '../../store/message-store.ts';
import { CallFailure } from '../call-failure.ts';
import { fitting, REPLY_LENGTH_MAX } from './chat-view.ts';

type Args = CallArgs<'chat.page'>;
export type PageOptions = {
  readonly conversations: Pick<ConversationStore, 'before' | 'after' | 'firstUnread'>;
  readonly message: (id: number) => StoredMessage | null;
  readonly show: (message: StoredMessage) => ChatMessage;
};

/** Lines from the nearest on: at most `limit` are shown, one more says that there are others. */
type Side = { readonly lines: readonly StoredMessage[]; readonly limit: number };
type Sides = { readonly before: Side; readonly after: Side };
const none: Side = { lines: [], limit: 0 };

/** Throws `CallFailure` where more than one place is asked for, or a line that is not there. */
export function pageOf(options: PageOptions, args: Args): CallValue<'chat.page'> {
  const { before, after } = sidesOf(options, args);
  // Half of the room each, so that a page around a message has its other side.
  const cut = ({ lines, limit }: Side) =>
    fitting(lines.slice(0, limit).map(options.show), REPLY_LENGTH_MAX / 2);
  const [shownBefore, shownAfter] = [cut(before), cut(after)];
  return {
    messages: [...shownBefore.toReversed(), ...shownAfter],
    hasBefore: shownBefore.length < before.lines.length,
    hasAfter: shownAfter.length < after.lines.length,
    firstUnread: options.conversations.firstUnread(args.contact),
  };
}

function sidesOf({ conversations, message }: PageOptions, args: Args): Sides {
  const { contact, limit, before, after, around } = args;
  if ([before, after, around].filter((place) => place !== undefined).length > 1) {
    throw new CallFailure('bad_arguments', 'before, after, around: expected at most one');
  }
  const linesBefore = (place: Place | null, count: number): Side => ({
    lines: conversations.before(contact, place, count + 1),
    limit: count,
  });
  const linesAfter = (place: Place, count: number): Side => ({
    lines: conversations.after(contact, place, count + 1),
    limit: count,
  });
  if (around !== undefined) {
    const middle = message(around);
    if (middle === null || middle.contact !== contact) {
      throw new CallFailure('unknown_message', 'around: no such message in this chat');
    }
    const half = Math.floor(limit / 2);
    return { before: linesBefore(middle, half), after: linesAfter(upTo(middle), limit - half) };
  }
  // The side that was not asked for shows nothing, and only says whether there is something.
  if (before !== undefined) {
    const place = { place: before.order, id: before.id };
    return { before: linesBefore(place, limit), after: linesAfter(upTo(place), 0) };
  }
  if (after !== undefined) {
    const place = { place: after.order, id: after.id };
    const behind = { ...place, id: place.id + 1 };
    return { before: linesBefore(behind, 0), after: linesAfter(place, limit) };
  }
  return { before: linesBefore(null, limit), after: none };
}

/** Just before a line, so that what comes after it begins with the line itself. */
function upTo({ place, id }: Place): Place {
  return { place, id: id - 1 };
}

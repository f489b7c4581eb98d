// The sample conversations of the design's pictures.
import type { BubbleProps } from '../chat/bubble.tsx';
import type { ConversationRowProps } from '../chat/conversation-row.tsx';
import type { Loop } from '../chat/loop-strip.tsx';

/** A time of day on the day of the pictures. */
export const at = (hour: number, minute: number): number =>
  new Date(2026, 10, 22, hour, minute).getTime();

export const rows: readonly ConversationRowProps[] = [
  {
    href: '#chat',
    name: 'Mara Lindqvist',
    pair: 5,
    preview: {
      kind: 'own',
      text: 'Shall I ask Tomás for his van?',
      state: 'queued',
      words: 'Queued on this computer',
    },
    stamp: '14:14',
    unread: 0,
    verified: true,
    pinned: true,
    chosen: true,
  },
  {
    href: '#chat',
    name: 'Allotment 14',
    pair: 2,
    group: true,
    muted: true,
    preview: { kind: 'theirs', from: 'Ines', text: 'The water is back on since this morning' },
    stamp: '13:58',
    unread: 12,
  },
  {
    href: '#chat',
    name: 'Tomás Rivera',
    pair: 1,
    preview: { kind: 'theirs', text: 'Thursday works, after four' },
    stamp: '13:40',
    unread: 2,
  },
  {
    href: '#chat',
    name: 'Amina Haddad',
    pair: 4,
    verified: true,
    preview: { kind: 'draft', text: 'About the flat, I wanted to' },
    stamp: '12:21',
    unread: 0,
  },
  {
    href: '#chat',
    name: 'Jonas Weber',
    pair: 0,
    preview: { kind: 'trouble', state: 'failed', text: 'since yesterday, send again or let it be' },
    stamp: '11:05',
    unread: 0,
  },
  {
    href: '#chat',
    name: 'Sunday walk',
    pair: 3,
    group: true,
    preview: {
      kind: 'own',
      text: 'Delivered to 7 of 9: Bring boots',
      state: 'delivered',
      words: 'Delivered',
    },
    stamp: 'Yesterday',
    unread: 0,
  },
  {
    href: '#chat',
    name: 'Priya Okonkwo',
    pair: 2,
    preview: { kind: 'theirs', text: 'Voice note, 0:42' },
    stamp: 'Yesterday',
    unread: 0,
  },
  {
    href: '#chat',
    name: 'Echo',
    pair: 0,
    preview: { kind: 'theirs', text: 'I answer everything you send me.' },
    stamp: 'Thu',
    unread: 0,
  },
];

export const lastNight: readonly BubbleProps[] = [
  {
    own: true,
    text: 'How long would it keep?',
    sentUnixMs: at(18, 24),
    delivery: { state: 'read', atUnixMs: at(18, 30) },
  },
  {
    own: false,
    text: 'One more season if we’re gentle. I’ll send you his page.',
    sentUnixMs: at(18, 31),
    reactions: [{ emoji: '👍', words: 'You' }],
  },
];

export const today: readonly BubbleProps[] = [
  {
    own: false,
    text: 'Sorry for the silence, I was on the ferry. Here’s his page.',
    sentUnixMs: at(14, 2),
    arrivedUnixMs: at(14, 9),
  },
  {
    own: true,
    joinedBelow: true,
    quote: { name: 'Mara', text: 'One more season if we’re gentle.' },
    text: 'One season is all we need. I’ll bring the oak on Thursday.',
    sentUnixMs: at(14, 12),
    delivery: { state: 'delivered', atUnixMs: at(14, 16) },
  },
  {
    own: true,
    joinedAbove: true,
    joinedBelow: true,
    text: 'And the long clamps.',
    sentUnixMs: at(14, 13),
    delivery: { state: 'at_provider', atUnixMs: at(14, 14) },
  },
  {
    own: true,
    joinedAbove: true,
    joinedBelow: true,
    text: 'It won’t fit on the bike though',
    sentUnixMs: at(14, 14),
    delivery: {
      state: 'in_the_mix',
      atUnixMs: at(14, 14),
      usual: { fromSeconds: 3, toSeconds: 7 },
    },
  },
  {
    own: true,
    joinedAbove: true,
    text: 'Shall I ask Tomás for his van?',
    sentUnixMs: at(14, 14),
    delivery: { state: 'queued', leavesInSeconds: 2 },
  },
];

const trips =
  '3.1 5.8 4.4 3.2 4.3 4.9 3.3 3.2 4.2 3.6 3.1 x 4.8 3.4 5.6 4.4 3.7 5.2 5.9 3.5 3.2 3.0 3.1 3.2 ' +
  '4.5 4.6 5.0 5.7 3.2 x 4.6 3.3 3.1 4.1 2.9 4.4 3.0 ?';

export const loops: readonly Loop[] = trips.split(' ').map((trip, id) => {
  if (trip === 'x') return { id, fate: 'lost' };
  if (trip === '?') return { id, fate: 'flying' };
  return { id, fate: 'returned', roundTripMs: (Number(trip) - 2.5) * 1000 };
});

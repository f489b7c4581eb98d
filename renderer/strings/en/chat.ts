// English: conversations, messages and what is known of their way, the composer, the network's
// line.
import { long } from '../long.ts';

export const chat = {
  'row.draft': 'Draft:',
  'name.unnamed': 'Unnamed, {date}',
  'row.trouble.failed': 'Not sent',
  'row.trouble.expired': 'Expired',
  'row.trouble.not_confirmed': 'Not confirmed',
  'row.unread': { count: 'count', one: '{count} unread message', other: '{count} unread messages' },
  'row.unread.muted': {
    count: 'count',
    one: '{count} unread message, muted',
    other: '{count} unread messages, muted',
  },
  'row.verified': 'Verified',
  'row.pinned': 'Pinned',
  'row.muted': 'Muted',
  'row.requests': {
    count: 'count',
    one: '{count} contact request',
    other: '{count} contact requests',
  },
  'row.archived': 'Archived',
  'row.blocked': 'Blocked',
  'row.requested': 'Your request waits for an answer',
  'row.nothing': 'No messages yet',
  'row.menu': 'Actions for {name}',
  'row.pin': 'Pin',
  'row.unpin': 'Unpin',
  'row.mute': 'Mute',
  'row.unmute': 'Unmute',
  'row.archive': 'Archive',
  'row.unarchive': 'Take out of the archive',
  'row.read': 'Mark as read',

  'list.empty': 'No conversations yet. They begin with a code that one of you gives the other.',
  'list.empty.action': 'Add a contact',
  'list.empty.archive': 'Nothing is archived.',
  'list.waiting': 'Reading your conversations',
  'list.failed': '**Your conversations could not be read.** Nothing of them is lost.',
  'list.failed.action': 'Try again',
  'list.unsaved': '**That was not saved.** The engine did not take it; try again.',

  'search.label': 'Search',
  'search.clear': 'Clear the search',
  'search.shortcut': 'Ctrl K',
  'search.shortcut.mac': '⌘ K',
  'search.scope': 'In the chat with {name}',
  'search.everywhere': 'Search in all chats',
  'search.results': 'Results',
  'search.people': 'People',
  'search.messages': 'Messages',
  'search.you': 'You:',
  'search.searching': 'Searching',
  'search.nothing': 'Nothing was found',
  'search.nothing.newest': 'Nothing was found in the newest messages',
  'search.partial': 'Older messages were not searched yet.',
  'search.older': 'Search older messages',
  'search.nothing.detail': 'Every word must be in the message. Parts of words count, too.',
  'search.count': { count: 'count', one: '{count} result', other: '{count} results' },
  'search.count.more': 'The newest {number} results',
  'search.more': 'Show more',
  'search.limit': 'The newest {count} are listed. More words find the others.',
  'search.failed': '**The search did not work.** Type again to repeat it.',

  'delivery.queued': {
    count: 'seconds',
    one: 'Queued, leaves in about {seconds} second',
    other: 'Queued, leaves in about {seconds} seconds',
  },
  'delivery.queued.unknown': 'Queued, leaves when it is its turn',
  'delivery.in_the_mix': 'In the mix since {time}, usually {from} to {to} seconds',
  'delivery.in_the_mix.unknown': 'In the mix since {time}',
  'delivery.at_provider': 'At {name}’s provider, {time}',
  'delivery.delivered': 'Delivered {time}',
  'delivery.read': 'Read {time}',
  'delivery.waiting': 'Waiting for the network, goes out by itself',
  'delivery.retrying': {
    count: 'try',
    ordinal: 'yes',
    one: 'Trying again, {try}st try',
    two: 'Trying again, {try}nd try',
    few: 'Trying again, {try}rd try',
    other: 'Trying again, {try}th try',
  },
  'delivery.not_confirmed': 'Not confirmed, may have arrived',
  'delivery.expired': 'Expired, no receipt came before their provider’s limit',
  'delivery.failed': 'Not sent: {reason}',
  'delivery.reason.too_large': 'too large for this network',
  'delivery.reason.blocked': 'this contact is blocked',
  'delivery.reason.no_session': 'no encryption is agreed with this contact',
  'delivery.reason.outbox_full': 'too much waits to be sent',
  'delivery.reason.unknown': 'the engine gives no reason',
  'delivery.queued.name': 'Queued on this computer',
  'delivery.in_the_mix.name': 'In the mix, left this computer at {time}',
  'delivery.at_provider.name': 'Stored at their provider, {time}',
  'delivery.delivered.name': 'Delivered to their Eddy, {time}',
  'delivery.read.name': 'Read, {time}',
  'delivery.waiting.name': 'Waiting for the network',
  'delivery.expired.name': 'Expired, no receipt came',
  'delivery.cancel': 'Cancel',
  'delivery.again': 'Send again',

  'message.late': 'Sent {sent}, arrived {arrived}',
  'message.edited': 'Edited',
  'message.deleted': 'This message was deleted',
  'message.gap': {
    count: 'count',
    one: 'One message is still on the way. It will appear here.',
    other: '{count} messages are still on the way. They will appear here.',
  },
  'message.gap.lost': {
    count: 'count',
    one: 'One message was lost on the way and will not come.',
    other: '{count} messages were lost on the way and will not come.',
  },

  'note.accepted': 'You and {name} can write to each other now.',
  'note.session_reset.own.asked': 'You renewed the encryption with {name}.',
  'note.session_reset.own.broken':
    'Your Eddy renewed the encryption with {name}, since a message could not be opened.',
  'note.session_reset.own.restored':
    'Your Eddy renewed the encryption with {name}, whose profile is a copy or runs twice.',
  'note.session_reset.theirs.asked': '{name} renewed the encryption with you.',
  'note.session_reset.theirs.broken':
    'The Eddy of {name} renewed the encryption, since a message could not be opened.',
  'note.session_reset.theirs.restored':
    'The Eddy of {name} renewed the encryption, since your profile is a copy or runs twice.',
  'note.asked_again':
    '{name} asked by your code again, and had forgotten you. The encryption is a new one.',
  'note.no_answer.request': long(
    '{name} has not answered your request, and it is kept no longer. To ask again, remove this ',
    'contact and use a new code.',
  ),
  'note.no_answer.acceptance': long(
    'Nothing has come from {name} since you accepted; your answer may be lost. To begin again, ',
    'remove this contact and give {name} a new code.',
  ),
  'note.no_answer.reset': long(
    '{name} has not answered since the encryption was renewed. If messages do not arrive, renew ',
    'it once more.',
  ),
  'note.verified': 'You verified {name}.',
  'note.unverified': 'You took back that {name} is verified.',
  'note.keys_changed':
    'The keys of {name} have changed. Compare the safety number before you trust this chat.',
  'note.compare': 'Compare now',
  'note.renamed': '{from} is called {to} now.',
  'note.profile_copied':
    'The profile of {name} runs twice, or was put back from a copy. Ask whether that is so.',
  'note.unknown_kind': '{name} sent something that this version of Eddy cannot show.',
  'message.unread': {
    count: 'count',
    one: '{count} unread message',
    other: '{count} unread messages',
  },
  'message.list': 'Messages with {name}',
  'message.own': 'You to {name}, {time}',
  'message.theirs': '{name}, {time}',
  'message.said': '{who}: {words}',
  'message.said.way': '{said} ({way})',
  'message.menu': 'Actions for this message',
  'message.copy': 'Copy the text',
  'message.details': 'Details of the delivery',
  'message.details.hide': 'Hide the details',
  'message.delete': 'Delete here',
  'message.delete.title': 'Delete this message here?',
  'message.delete.detail': 'It is gone from this computer for good. {name} keeps it.',
  'message.delete.unsettled':
    'It is gone here for good, and not sent any more. If it arrived, {name} keeps it.',
  'message.delete.keep': 'Keep it',

  'details.received': 'Received from {name}',
  'details.written': 'Written',
  'details.sent': 'Sent, by their clock',
  'details.arrived': 'Arrived at your provider',
  'details.since': 'Known since',
  'details.packets': 'Packets confirmed',
  'details.packets.of': '{confirmed} of {all}',
  'details.tries': 'Try',

  'chat.search': 'Search in this chat',
  'chat.details': 'About this contact',
  'chat.verified': 'Verified {day}',
  'chat.unverified': 'Not verified',
  'chat.older': 'Reading older messages',
  'chat.waiting': 'Reading the messages',
  'chat.failed': '**The messages could not be read.** Nothing of them is lost.',
  'chat.refused': '**That did not work.** The engine did not do it; try again.',
  'chat.empty': 'No messages with {name} yet. What you write appears here.',
  'chat.unknown': 'This chat is not here',
  'chat.unknown.detail': 'The contact was removed, or the address is of another profile.',
  'chat.to_end': 'To the newest message',
  'chat.said': '{name}: {words}',
  'chat.said.many': {
    count: 'count',
    one: '{count} new message from {name}',
    other: '{count} new messages from {name}',
  },

  'requests.detail':
    'Strangers who have a code of yours. They are told nothing, whether you read this or not; ' +
    'only accepting sends an answer.',
  'requests.none': 'No requests',
  'requests.none.detail': 'Whoever uses a code of yours shows up here first.',
  'requests.refused': 'The requests could not be read. What to do stands with the list.',
  'requests.waiting': 'Reading the requests',
  'request.arrived.invite': 'By a one-time invite of yours · {when}',
  'request.arrived.address': 'By your reusable address · {when}',
  'request.name': 'The name is what the sender chose. It says nothing about who it is.',
  'request.accept': 'Accept',
  'request.decline': 'Decline',
  'request.block': 'Block',
  'request.explain': 'What these do',
  'request.accept.detail':
    '**Accept** answers, and both of you can write. A one-time invite lets one person in: other ' +
    'requests by the same invite go away.',
  'request.decline.detail': '**Decline** removes the request. Nothing is sent; it may come again.',
  'request.block.detail': '**Block** removes it and drops whatever comes from these keys.',
  'request.failed': '**That did not work.** The request is still here; try again.',
  'request.failed.full': '**No more contacts fit into this profile.** Remove one first.',
  'request.failed.code_used':
    '**Somebody else came in by this invite.** It lets one person in. Decline this request, and ' +
    'make a new invite for whoever it was.',
  'request.failed.strangers_full':
    '**No more strangers can be blocked.** Unblock some under Settings, Privacy, or decline.',

  'composer.label': 'Message to {name}',
  'composer.attach': 'Attach a file',
  'composer.emoji': 'Choose an emoji',
  'composer.send': 'Send',
  'composer.empty': 'Nothing is written yet',
  'composer.keys': 'Enter sends, Shift Enter makes a new line',
  'composer.keys.ctrl': 'Ctrl Enter sends, Enter makes a new line',
  'composer.left': { count: 'count', one: '{count} byte left', other: '{count} bytes left' },
  'composer.too_long': {
    count: 'count',
    one: '{count} byte too long; send it in parts',
    other: '{count} bytes too long; send it in parts',
  },
  'composer.held': '**Not delivering now.** It waits here until delivery works again',
  'composer.requested':
    'Your request is on its way to {name}. You can write as soon as it is accepted.',
  'composer.unblock.failed': '**The contact is still blocked.** The engine did not take it.',
  'composer.failed': '**Not sent.** The engine did not take the message; it stands here as before.',
  'composer.failed.outbox_full':
    '**Not sent.** Too much waits to be sent already. Try again when some of it has left.',
  'composer.failed.store_full': '**Not sent.** The disk is full. Free some space and send again.',
  'composer.failed.engine_unavailable':
    '**Perhaps sent.** No answer came. Look at the chat before you send this again.',
  'composer.failed.too_large': '**Not sent.** The message is too long. Send it in parts.',
  'composer.reply': 'Reply to {name}',
  'composer.edit': 'Edit the message',
  'composer.drop_reply': 'Without the reply',
  'composer.forecast': 'To {name}’s provider: **usually {from} to {to} seconds**',
  'composer.offline': '**Offline.** It waits here until the network is back',
  'composer.blocked':
    'You blocked {name}. Until you unblock, nothing is sent and nothing new is shown.',
  'composer.unblock': 'Unblock',

  'strip.loops':
    'The last {all} loops: {returned} came back, {lost} were lost, {flying} on the way',

  'lock.title': 'Eddy is locked',
  'lock.detail': 'Messages keep arriving unseen.',
  'lock.spooled': {
    count: 'count',
    one: 'Messages keep arriving unseen: {count} since it was locked.',
    other: 'Messages keep arriving unseen: {count} since it was locked.',
  },
  'lock.passphrase': 'Passphrase',
  'lock.show': 'Show the passphrase',
  'lock.hide': 'Hide the passphrase',
  'lock.unlock': 'Unlock',
  'lock.working': 'Checking; this takes about a second.',
  'lock.wrong': 'That is not the passphrase. Nothing was opened; try again.',
  'lock.no_keychain': 'This system keeps no keys for Eddy, so only the passphrase opens it.',
  'lock.keychain.away':
    'The keychain that was given the key too cannot be reached from here, so only the passphrase ' +
    'opens it.',
  'lock.keychain':
    'The key of this profile is in this computer’s keychain, and Eddy has not got it from there.',
  'lock.keychain.advice':
    'Unlock the keychain (the keyring, on Linux) and try again. A browser cannot reach it: open ' +
    'this profile in the desktop app then, logged in as you were.',
  'lock.keychain.working': 'Asking the keychain; it may ask you first.',
  'lock.keychain.refused':
    '**The keychain gave no key.** Nothing was opened. Unlock it and allow Eddy to use it, or ' +
    'start Eddy anew.',
  'lock.keychain.none':
    '**No keychain can be reached from here.** Nothing was opened, and nothing is lost. Open ' +
    'this profile in the desktop app.',
  'lock.unopened': 'The profile could not be opened again. Nothing of it is lost.',
  'lock.other': 'Another profile',
  'lock.not_locked':
    '**Eddy could not be locked.** Perhaps the disk is full. Quitting Eddy locks it.',
} as const;

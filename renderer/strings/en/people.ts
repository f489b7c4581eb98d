// English: people. How somebody becomes a contact, what is known of one, and pictures of people.
import { long } from '../long.ts';

export const people = {
  'new.close': 'Close',
  'new.offline':
    '**Not connected to the network.** Codes can be made and used now; they go out when it is ' +
    'back.',

  'invite.title': 'Invite somebody',
  'invite.detail':
    'Show this, or send the link over a channel you trust. It works once and only on “{network}”.',
  'invite.detail.address': long(
    'Whoever has this address can ask to write to you, as often as they like. It works only on ',
    '“{network}”, until you renew or withdraw it.',
  ),
  'invite.network': 'your network',
  'invite.kind': 'Whom it is for',
  'invite.kind.invite': 'For one person',
  'invite.kind.address': 'For many people',
  'invite.none': 'You have no open invite. Make one for each person you want to reach you.',
  'invite.none.address': 'You have no address yet. An invite is safer: it works once.',
  'invite.make': 'Make an invite',
  'invite.make.address': 'Make an address',
  'invite.another': 'Make another',
  'invite.renew': 'Renew',
  'invite.lifetime': 'Valid for',
  'invite.hours': { count: 'hours', one: '{hours} hour', other: '{hours} hours' },
  'invite.days': { count: 'days', one: '{days} day', other: '{days} days' },
  'invite.copy': 'Copy link',
  'invite.copied': 'Copied',
  'invite.copied.detail': 'The link lies on the clipboard. Other programs can read it there.',
  'invite.uncopied': 'The link could not be copied. It is marked: copy it with Ctrl C.',
  'invite.link': 'Link',
  'invite.qr': 'QR code of this invite',
  'invite.qr.address': 'QR code of this address',
  'invite.until': 'Valid until {moment}. Nobody can write to you with it after that.',
  'invite.withdraw': 'Withdraw',
  'invite.telling': 'Your provider learns of it first; that takes a few seconds.',
  'invite.telling.offline':
    'Your provider learns of it when the network is back. Until then nobody can use it.',
  'invite.ready': 'Your provider knows it. It can be used now.',
  'invite.used': '**Used.** Somebody has asked to write to you with it; it works no more.',
  'invite.withdrawn': '**Withdrawn.** Nobody can write to you with it any more.',
  'invite.expired': '**Expired.** Nobody can write to you with it any more.',
  'invite.open': 'Other open codes',
  'invite.row.invite': 'Invite, made {date}',
  'invite.row.address': 'Address, made {date}',
  'invite.row.until': 'Valid until {moment}',
  'invite.show': 'Show',
  'invite.waiting': 'Your codes show when the engine answers.',

  'invite.withdraw.title': 'Withdraw this invite?',
  'invite.withdraw.title.address': 'Withdraw this address?',
  'invite.withdraw.detail':
    'Nobody can ask to write to you with it any more, wherever its link lies. That cannot be ' +
    'taken back. Contacts you have stay.',
  'invite.renew.title': 'Renew the address?',
  'invite.renew.detail':
    'A new address is made, and the old one stops working wherever it was printed or sent. That ' +
    'cannot be taken back. Contacts you have stay.',
  'invite.keep': 'Keep it',

  'use.title': 'Use somebody’s invite',
  'use.detail': 'Paste the link, or give a picture of the QR code.',
  'use.field': 'Invite',
  'use.field.hint': 'It begins with eddy:c/',
  'use.clear': 'Empty the field',
  'use.choose': 'Choose a picture',
  'use.drop': 'Drop a picture of a QR code here',
  'use.drop.detail': 'Or paste one. It is read on this computer only.',
  'use.reading': 'Reading the picture',
  'use.unread':
    '**No QR code was found in this picture.** Nothing was sent. Take it again, straight from ' +
    'the front and with the whole code in it, or ask for the link.',
  'use.no_picture': long(
    '**This is not a picture that can be read.** Nothing was sent. Give a PNG, JPEG or WebP file ',
    'of at most {size}.',
  ),
  'use.then':
    'What happens then: a request goes to them through the network. They see your name, and can ' +
    'accept it or not. You see their answer, or that there was none.',
  'use.good.invite': long(
    '**A whole invite, on “{network}”.** It works once, until {moment}. Whoever made it will see ',
    'your name.',
  ),
  'use.good.address': long(
    '**A whole address, on “{network}”.** It works until {moment}. Whoever made it will see your ',
    'name.',
  ),
  'use.send': 'Send the request',
  'use.sent': 'The request is on its way',
  'use.sent.detail':
    'It waits there until it is accepted, and nothing you write travels before that. You can ' +
    'close this page.',
  'use.sent.accepted': 'The request is accepted',
  'use.sent.accepted.detail': 'You and {name} can write to each other now.',
  'use.sent.offline':
    'It leaves this computer when the network is back, and waits there until it is accepted.',
  'use.sent.open': 'Open the chat',
  'use.sent.next': 'Use another invite',
  'use.known.open': 'Open the chat',

  'refused.empty': '**There is nothing to read.** Paste the whole link.',
  'refused.network_link':
    '**This is a link to a network, not to a person.** Nothing was sent. This profile has its ' +
    'network already; ask for an invite instead, it begins with eddy:c/.',
  'refused.not_a_code':
    '**This is no Eddy invite.** Nothing was sent. An invite begins with eddy:c/; ask for the ' +
    'link or a picture of the QR code.',
  'refused.too_long':
    '**This is longer than any invite.** Nothing was sent. Paste the link alone, without the ' +
    'text around it.',
  'refused.truncated': long(
    '**This invite is cut off.** {count} characters are here; the end is missing. Nothing was ',
    'sent. Ask for the whole link once more, or for a picture of the QR code.',
  ),
  'refused.altered':
    '**Letters of this invite were changed.** Nothing was sent. A program on the way may have ' +
    'altered it; ask for it in another way, or for a picture of the QR code.',
  'refused.newer_version':
    '**This invite is from a newer Eddy.** Nothing was sent. Update Eddy, or ask its maker for ' +
    'an invite from this version.',
  'refused.malformed':
    '**This invite is whole, but no Eddy made it rightly.** Nothing was sent. Ask for a new one.',
  'refused.forged':
    '**This invite was not signed by its owner.** Nothing was sent. Somebody may have changed ' +
    'it on purpose; ask for a new one over a channel you trust.',
  'refused.own':
    '**This is your own invite.** Nothing was sent. Give it to the person you want to hear from.',
  'refused.foreign_network': long(
    '**This invite is for the network “{network}”.** Nothing was sent. This profile belongs to ',
    '“{own}”; both of you need the same network. Ask for an invite on “{own}”, or join theirs ',
    'with another profile.',
  ),
  'refused.foreign_network.unnamed':
    '**This invite is for another network.** Nothing was sent. Both of you need the same network.',
  'refused.reused':
    '**You have used this invite before.** It works once. Nothing was sent. Ask for a new one.',
  'refused.expired': long(
    '**This invite expired on {moment}.** Nothing was sent. Ask for a new one; the clock of this ',
    'computer may also be wrong.',
  ),
  'refused.expired.undated': '**This invite has expired.** Nothing was sent. Ask for a new one.',
  'refused.known':
    '**Whoever made this is a contact of yours already.** Nothing was sent. Write to them.',

  'contact.title': 'Contact',
  'contact.waiting': 'The contact shows when the engine answers.',
  'contact.gone': 'This contact is not there',
  'contact.gone.detail': 'It was removed, here or in another window.',
  'contact.gone.action': 'To the conversations',
  'contact.since.own_invite': 'Known since {date}, by your invite.',
  'contact.since.own_address': 'Known since {date}, by your address.',
  'contact.since.their_invite': 'Known since {date}, by their invite.',
  'contact.since.their_address': 'Known since {date}, by their address.',
  'contact.provider': 'Their provider is {provider}.',
  'contact.own_name': 'Calls themselves {name}.',
  'contact.requested': 'asked, not accepted yet',
  'contact.blocked': 'blocked',
  'contact.requested.detail':
    '**The request waits for them.** Nothing else leaves until it is accepted; the safety number ' +
    'can be compared then.',
  'contact.unanswered.detail':
    '**No answer came, and the request is kept no longer.** To ask again, remove this contact ' +
    'and use a new code.',
  'contact.blocked.detail':
    '**Blocked.** Nothing is sent to {name}, and nothing of theirs is shown. They are not told.',
  'contact.rename': 'Rename',
  'contact.write': 'Write',
  'contact.alias': 'Your name for them',
  'contact.alias.hint.unnamed': 'Only you see it. What they call themselves is not known yet.',
  'contact.alias.hint': 'Only you see it. Empty it to use what they call themselves: {name}.',
  'contact.save': 'Save',
  'contact.cancel': 'Cancel',

  'contact.tells': 'Tell {name} when I have read',
  'contact.tells.detail': 'You see the same of them only if they do too.',
  'contact.reset': 'Renew the encryption',
  'contact.reset.detail':
    'Only where messages stay unreadable. Both of you see that it happened; nothing is deleted.',
  'contact.reset.action': 'Renew',
  'contact.reset.sure': 'Renew it now',
  'contact.reset.explained': long(
    '**New keys are agreed with {name}.** What is on its way under the old ones may be lost and ',
    'has to be sent again. The safety number stays.',
  ),
  'contact.reset.done': 'The encryption is being renewed; the chat says when it is done.',
  'contact.block': 'Block',
  'contact.block.detail': 'They are not told; their messages are dropped here.',
  'contact.unblock': 'Unblock',
  'contact.unblock.detail':
    'They can write to you again. What they wrote meanwhile may still come.',
  'contact.remove': 'Remove',
  'contact.remove.detail': 'Forgets them and the chat on this computer.',
  'contact.remove.title': 'Remove {name} and the chat?',
  'contact.remove.explained':
    'The contact, the keys and all messages with them are deleted here and cannot be brought ' +
    'back. To write to each other again, you need a new invite.',
  'contact.keep': 'Keep',
  'contact.settings': 'Settings of this contact',

  'safety.title': 'Safety number',
  'safety.unverified': 'not verified yet',
  'safety.verified': 'verified {date}',
  'safety.changed': 'changed since verified',
  'safety.detail': long(
    '{name} sees the same twelve groups. If they match, nobody sits between you. Compare them ',
    'when you meet, or in a call where you know the voice.',
  ),
  'safety.changed.detail': long(
    '**The keys of {name} have changed since you verified them.** A new computer or a restored ',
    'profile does that; somebody between you would too. Compare the number again.',
  ),
  'safety.changed.unverified': long(
    '**The keys of {name} have changed.** A new computer or a restored profile does that; ',
    'somebody between you would too. Compare the number to know.',
  ),
  'safety.match': 'They match',
  'safety.differ': 'They differ',
  'safety.undo': 'Not verified after all',
  'safety.copy': 'Copy number',
  'safety.copied': 'The number lies on the clipboard.',
  'safety.uncopied': 'The number could not be copied. Mark it and copy it with Ctrl C.',
  'safety.qr': 'Your safety number with {name} as a QR code',
  'safety.scan': 'Scan theirs',
  'safety.scan.match': '**They match.** {name} is now marked as verified.',
  'safety.scan.mismatch':
    '**They do not match.** Either this is the code of another contact, or somebody sits between ' +
    'you. Write nothing secret before you know; compare the number in a call or when you meet.',
  'safety.scan.own': '**This is your own code.** Scan the one that the other Eddy shows for you.',
  'safety.scan.newer_version':
    '**This code is from a newer Eddy.** Update Eddy, or compare the twelve groups by eye.',
  'safety.scan.not_a_number':
    '**This is no safety number.** It may be an invite. Scan the code that stands beside the ' +
    'twelve groups on the other screen.',
  'safety.differ.detail':
    '**Then do not write anything secret.** Somebody may sit between you, or one of you looks at ' +
    'another contact. Compare once more; if they still differ, remove the contact and meet for a ' +
    'new invite.',
  'safety.waiting': 'Working out the number',

  'picture.title': 'Picture',
  'picture.detail':
    'It stays on this computer for now: this version sends it to nobody. It is cut and made ' +
    'small here.',
  'picture.choose': 'Choose a picture',
  'picture.change': 'Change',
  'picture.remove': 'Remove',
  'picture.crop': 'Which part is shown',
  'picture.crop.hint': 'Drag the picture, or use the arrow keys on the sliders.',
  'picture.zoom': 'Size',
  'picture.across': 'Left and right',
  'picture.down': 'Up and down',
  'picture.take': 'Take it',
  'picture.bad':
    '**This is not a picture that can be read.** Give a PNG, JPEG or WebP file of at most {size}.',
  'picture.large': '**This picture stays too large, however small it is made.** Take another.',

  'failed.engine_unavailable':
    '**The engine cannot be reached.** Nothing was changed. Try again when it is back.',
  'failed.busy': '**The engine has too much to do at once.** Nothing was changed. Try again.',
  'failed.store_full': '**The disk is full.** Nothing was changed. Free some space and try again.',
  'failed.store_failed':
    '**The disk did not take it.** Nothing was changed. Try again; if it stays so, look after ' +
    'the disk.',
  'failed.locked': '**Eddy is locked.** Nothing was changed.',
  'failed.no_network': '**There is no network yet.** Nothing was changed.',
  'failed.codes_full':
    '**Too many codes are open.** Nothing was made. Withdraw one that you do not need any more.',
  'failed.contacts_full': '**There are as many contacts as Eddy keeps.** Remove one first.',
  'failed.bad_name':
    '**This name cannot be used.** It may have at most 64 bytes, and no signs that turn or hide ' +
    'text.',
  'failed.bad_avatar': '**This picture was not taken.** Choose another one.',
  'failed.unknown_contact': '**This contact is not there any more.** Nothing was changed.',
  'failed.unknown_code': '**This code is not there any more.** Nothing was changed.',
  'failed.not_accepted': '**The request is not accepted yet.** Nothing was changed.',
  'failed.wrong_passphrase': '**That is not the passphrase.** Nothing was changed; try again.',
  'failed.no_passphrase': '**No passphrase is set.** Nothing was changed. Set one first.',
  'failed.no_keychain':
    '**This system keeps no keys for Eddy.** Nothing was changed. Use a passphrase.',
  'failed.joined_already':
    '**This profile has its network already.** Nothing was changed. Another network needs ' +
    'another profile.',
  'failed.other': '**The engine did not do it.** Nothing was changed. Try again.',
  'failed.again': 'Try again',
} as const;

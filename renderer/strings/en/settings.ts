// English: the settings pages.
import { long } from '../long.ts';

export const settings = {
  'settings.title': 'Settings',
  'settings.sections': 'Sections of the settings',
  'settings.profile': 'Profile',
  'settings.appearance': 'Appearance',
  'settings.privacy': 'Privacy',
  'settings.storage': 'Storage',
  'settings.about': 'About',

  'appearance.title': 'Appearance',
  'appearance.detail': 'How Eddy looks on this computer. Nobody else learns of it.',
  'appearance.theme': 'Theme',
  'appearance.theme.detail': 'Light and dark carry the same contrast.',
  'appearance.theme.system': 'As the system',
  'appearance.theme.light': 'Light',
  'appearance.theme.dark': 'Dark',
  'appearance.language': 'Language',
  'appearance.language.detail': 'Dates and numbers follow it.',
  'appearance.language.system': 'As the system ({language})',
  'appearance.language.pseudo': 'Pseudo, for tests of the layout',
  'appearance.unsaved':
    '**The setting was not saved.** The engine did not take it. Nothing changed; try again.',
  'appearance.waiting': 'The settings show when the engine answers.',

  'own.title': 'Profile',
  'own.detail': 'What people you write to know of you. Everything here stays with them and you.',
  'own.name': 'Name',
  'own.name.hint': 'Only people you write to see it. A change goes to them with what you send.',
  'own.save': 'Save',
  'own.waiting': 'Your profile shows when the engine answers.',
  'own.identity': 'Identity',
  'own.identity.detail':
    'A few keys, made on this computer and kept in its encrypted database. No number, no ' +
    'account, and nobody who could hand them out again: a backup is yours to make.',
  'own.made': 'Made',
  'own.network': 'Network',
  'own.network.none': 'none joined yet',
  'own.network.demo': '“{network}”: nothing leaves it',

  'privacy.title': 'Privacy',
  'privacy.detail': long(
    'What this computer and the people you write to can learn. What travels is protected by the ',
    'network, the same for everyone.',
  ),
  'privacy.here': 'On this computer',
  'privacy.lock': 'Lock Eddy',
  'privacy.lock.detail': 'Messages keep arriving; nothing is shown.',
  'privacy.lock.none': 'Only with a passphrase: without one there is nothing to unlock with.',
  'privacy.lock.never': 'Never by itself',
  'privacy.lock.minutes': {
    count: 'minutes',
    one: 'After {minutes} minute',
    other: 'After {minutes} minutes',
  },
  'privacy.lock.now': 'Lock now',
  'privacy.passphrase': 'Passphrase',
  'privacy.passphrase.none': 'Not set. Whoever has this computer’s disk can read your messages.',
  'privacy.passphrase.only_keychain':
    'Not set. Only this computer’s keychain opens this profile; if that is lost, so are your ' +
    'messages.',
  'privacy.passphrase.keychain':
    'Set. The key is also held by the system’s keychain, so Eddy opens without asking.',
  'privacy.passphrase.alone': 'Set. Eddy asks for it at every start.',
  'privacy.keychain': 'Keep the key in the system’s keychain too',
  'privacy.keychain.detail':
    'Then Eddy opens when you log in. Whoever can log in as you can open it as well.',
  'privacy.keychain.alone':
    'No passphrase is set: only this computer’s keychain opens this profile then. Set a ' +
    'passphrase first.',
  'privacy.keychain.warning': long(
    '**Without a passphrase, only this computer’s keychain opens this profile.** A browser cannot ',
    'reach it, and if the keychain is lost, so are your messages.',
  ),
  'privacy.keychain.anyway': 'Use the keychain alone',
  'privacy.people': 'Toward people you write to',
  'privacy.tells': 'Tell them when I have read',
  'privacy.tells.detail': 'Off unless you want it. It works both ways; each contact can differ.',
  'privacy.cover': long(
    '**There is no switch for sending less cover.** A rate of your own would single you out. The ',
    'rate is the network’s. Links are never fetched, and nobody sees you typing.',
  ),
  'strangers.title': 'Blocked strangers',
  'strangers.detail':
    'Their requests are dropped, and they are not told. Contacts that you blocked stand in the ' +
    'list of conversations.',
  'strangers.none': 'Nobody is blocked.',
  'strangers.waiting': 'Reading who is blocked',
  'strangers.nameless': 'No name known',
  'strangers.since': 'Blocked {day}',
  'strangers.unblock': 'Unblock',
  'strangers.unblocked': '**{name} is not blocked any more.** A new request of theirs is shown.',
  'privacy.waiting': 'The settings show when the engine answers.',

  'passphrase.set': 'Set',
  'passphrase.change': 'Change',
  'passphrase.remove': 'Remove',
  'passphrase.current': 'Passphrase so far',
  'passphrase.next': 'New passphrase',
  'passphrase.repeat': 'The same once more',
  'passphrase.differ': 'The two are not the same. Nothing was changed; type both again.',
  'passphrase.empty': 'Nothing is typed yet.',
  'passphrase.hint':
    'No meter can tell how good it is. Six words drawn by dice cannot be tried out; a saying, a ' +
    'name with a year, or one you use elsewhere can.',
  'passphrase.short': long(
    '{count} characters. Somebody with a copy of this disk can try out everything this short. ',
    'Take six words drawn by dice.',
  ),
  'passphrase.forgotten':
    '**Nobody can bring it back.** If it is forgotten and the keychain does not hold the key, ' +
    'your messages are lost.',
  'passphrase.working': 'Working; this takes about a second.',
  'passphrase.was_set': 'The passphrase is set.',
  'passphrase.was_changed': 'The passphrase is changed. The old one opens nothing any more.',
  'passphrase.was_removed': 'The passphrase is removed.',
  'passphrase.remove.explained':
    '**Without a passphrase, whoever has this computer’s disk can read your messages.**',
  'passphrase.cancel': 'Cancel',

  'storage.title': 'Storage',
  'storage.detail': 'One encrypted file on this computer holds everything of this profile.',
  'storage.file': 'Size of the file',
  'storage.messages': 'Messages',
  'storage.contacts': 'Contacts',
  'storage.backups': 'Copies before an update',
  'storage.backups.none': 'none',
  'storage.backups.some': {
    count: 'count',
    one: '{count}, {size}',
    other: '{count}, together {size}',
  },
  'storage.check': 'Last check',
  'storage.check.none': 'none was needed: Eddy always ended cleanly',
  'storage.check.whole': 'whole, {moment}',
  'storage.check.damaged': 'damaged, {moment}',
  'storage.check.damaged.detail':
    '**The check found damage in the file.** It was kept as it is. Put a backup in its place.',
  'storage.rekey': 'Encrypt the file anew',
  'storage.rekey.detail':
    'Under a new key, when the old one may have been seen. The passphrase stays as it is.',
  'storage.rekey.action': 'Encrypt anew',
  'storage.rekey.working': long(
    'Writing {size} anew. Leave Eddy open; it goes on sending and receiving, and shows messages ',
    'a little later.',
  ),
  'storage.rekey.done': 'The file is encrypted under a new key.',
  'storage.waiting': 'Counting what is there',

  'appearance.enter': 'Enter sends',
  'appearance.enter.detail': 'Otherwise Enter makes a new line, and Ctrl Enter sends.',

  'about.title': 'About Eddy',
  'about.detail': 'What runs on this computer, as the engine itself says.',
  'about.version': 'Version',
  'about.runtime': 'Runtime',
  'about.crypto': 'Cryptography',
  'about.sqlite': 'SQLite',
  'about.cipher': 'Database cipher',
  'about.today': 'What works today',
  'about.today.detail':
    'Two people find each other by an invite and write to each other through the mix network, on ' +
    'this computer’s demo network or on one that was joined. Groups, files, notifications and ' +
    'backups are not built yet.',
} as const;

// English: the first start.
export const welcome = {
  'welcome.title': 'Private, down to the traffic.',
  'welcome.detail':
    'Your messages travel in a steady stream of packets that all look alike, so the stream does ' +
    'not tell whom you write to, or when. No phone number, no account.',
  'welcome.name': 'What should people call you?',
  'welcome.name.hint': 'Only people you write to see this name. You can change it later.',
  'welcome.name.missing': 'A name is needed',
  'welcome.continue': 'Continue',
  'welcome.restore': 'Restore from a backup',
  'welcome.invited': 'Already invited to a network?',
  'welcome.join': 'Join by link, QR or file',
  'welcome.demo': 'Starting a small network on this computer',
  'welcome.demo.ready': 'A small network runs on this computer',
  'welcome.demo.detail':
    'So that you can try everything at once. It is real, only small: ' +
    'you and Echo, who answers you.',
  'welcome.seconds': '{seconds}\u00a0s',
  'welcome.meanwhile': 'You can go on meanwhile.',
  'welcome.ready': 'The network is ready.',
  'welcome.picture': 'Add a picture',
  'welcome.step.authorities': {
    count: 'all',
    one: '{ready} of {all} authority runs',
    other: '{ready} of {all} authorities run',
  },
  'welcome.step.nodes':
    '{mixes} of {allMixes} mixes and {providers} of {allProviders} providers are up',
  'welcome.step.echo': 'Echo, who answers you, is there',
  'welcome.step.keys': 'Your keys, made when you continue',
  'welcome.step.hello': 'Echo says hello',
  'welcome.column.provider': 'Provider',
  'welcome.column.layer': 'Layer {layer}',
  'welcome.failed':
    '**The small network did not start.** You can go on all the same; Eddy tries again at its ' +
    'next start. Or join a network that you were invited to.',
  'welcome.off': 'No network is started here',
  'welcome.off.detail': 'Join the network that you were invited to, by its link or file.',
  'welcome.joined': 'You join “{network}”',
  'welcome.joined.detail':
    'Its list comes first, then your provider; that takes a moment. You can go on meanwhile.',
  'welcome.joined.none': 'Connecting begins when you continue',
  'welcome.joined.list': 'The list of the network',
  'welcome.joined.provider': 'A connection to your provider',
  'welcome.joined.mailbox': 'A mailbox there',
  'welcome.engine': 'Starting',

  'join.title': 'Join a network',
  'join.detail': 'Paste the link that you were given, or choose the network’s file.',
  'join.field': 'Link or file of the network',
  'join.hint': 'A link begins with eddy:n/',
  'join.file': 'Choose a file',
  'join.action': 'Join',
  'join.back': 'Back',
  'join.good': '**You joined {network}.** Now give yourself a name.',
  'join.empty': '**There is nothing to read.** Paste the link, or choose the file.',
  'join.person':
    '**This is an invite of a person, not a network.** Nothing was joined. Continue first; then ' +
    'use it under New contact.',
  'join.bad': '**This names no network.** Nothing was joined. {detail}. Ask for it once more.',
  'join.large': '**This file is too large for a network’s.** Nothing was joined. Choose another.',
  'join.no_qr': '**No QR code was found in this picture.** Nothing was joined. Try the link.',

  'welcome.step.done': 'done',
  'welcome.step.now': 'under way',
  'welcome.step.later': 'not yet',
} as const;

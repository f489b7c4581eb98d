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
  'welcome.demo.detail':
    'So that you can try everything at once. It is real, only small: ' +
    'you and Echo, who answers you.',
  'welcome.seconds': '{seconds}\u00a0s',
  'welcome.left': {
    count: 'seconds',
    one: 'About {seconds} second left. You can go on meanwhile.',
    other: 'About {seconds} seconds left. You can go on meanwhile.',
  },
  'welcome.step.done': 'done',
  'welcome.step.now': 'under way',
  'welcome.step.later': 'not yet',
} as const;

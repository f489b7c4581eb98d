// English: the frame of the window, what it says of its engine, and its faults.
export const shell = {
  'app.name': 'Eddy',
  'shell.skip': 'Skip to the page',
  'shell.conversations': 'Conversations',
  'shell.settings': 'Settings',
  'shell.back': 'Back',
  'shell.resize': 'Width of the list',
  'shell.width': {
    count: 'pixels',
    one: '{pixels} pixel',
    other: '{pixels} pixels',
  },

  'page.empty': 'Nothing is open',
  'page.empty.detail': 'Choose a conversation from the list, or begin another one.',
  'page.empty.alone': 'A conversation begins with a code that one of you gives the other.',
  'page.empty.action': 'Add a contact',

  'page.waiting': 'Opening your profile',
  'page.waiting.detail': 'The engine has not answered yet.',
  'page.failed': 'Your profile is not open',
  'page.failed.detail':
    'Nothing is sent, and nothing of it is shown. What to do stands with the list.',

  'network.none': 'No network yet',
  'network.none.detail': 'nothing is sent',
  'network.title': 'Network',
  'new_contact.title': 'New contact',
  'requests.title': 'Contact requests',

  'about.line': 'Eddy {version}, {runtime}, crypto {cryptoEngine}, SQLite {sqlite}, {cipher}',
  'about.unknown': 'The engine has not answered yet.',
  'loading.engine': 'Starting the engine',

  'engine.connecting': 'Connecting to the engine',
  'engine.lost': '**The connection to Eddy is lost.** This window tries again by itself.',
  'engine.restarting':
    '**The engine stopped and is starting again.** What was saved is safe; this takes a moment.',
  'engine.failed.stopped':
    '**The engine stops again and again.** Close Eddy and start it anew. If that does not ' +
    'help, restart the computer.',
  'engine.failed.profile_in_use':
    '**This profile is open in another Eddy.** Close the other one, then start this one again.',
  'engine.failed.store_newer':
    '**This profile was written by a newer Eddy.** Start that version, or choose another ' +
    'profile. Nothing was changed.',
  'engine.failed.store_damaged':
    '**The database of this profile is damaged.** It was kept as it is. Put a backup in its ' +
    'place, or start another profile.',
  'engine.failed.store_key':
    '**The key does not open this profile.** The key file and the database do not belong ' +
    'together. Put back the key file that was made with it.',
  'engine.failed.store_access':
    '**The profile cannot be read and written.** Check who owns its folder, then start Eddy again.',
  'engine.failed.store_full':
    '**The disk is full.** Free some space and start Eddy again. Nothing was lost.',
  'engine.failed.store_migration':
    '**The profile could not be brought to this version.** Start the version before. Nothing ' +
    'was changed.',
  'engine.failed.other_network':
    '**This profile belongs to another network.** Start Eddy without naming a network, or choose ' +
    'another profile for this one. Nothing was changed.',
  'engine.failed.bad_network':
    '**The network that Eddy was given cannot be read.** Ask for its link or file again. ' +
    'Nothing was changed.',
  'engine.failed.internal':
    '**The engine could not start.** Close Eddy and start it anew; its log names the cause.',

  'fault.title': 'This page stopped at a fault',
  'fault.detail':
    'The engine goes on without it: nothing was lost, and traffic does not change. Load the ' +
    'window again to go on.',
  'fault.what': 'What happened',
  'fault.reload': 'Load again',
  'fault.back': 'Back to the start',
} as const;

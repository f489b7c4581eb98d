// The program's version, from package.json.
import manifest from '../package.json' with { type: 'json' };

export const eddyVersion: string = manifest.version;

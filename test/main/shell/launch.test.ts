// What a supervisor tells the browser shell: taken whole, or not at all.
import { expect, it } from 'vitest';
import { parseLaunch } from '../../../main/shell/launch.ts';

it('takes a launch', () => {
  const launch = { session: 'a', port: 8_080, network: 'eddy:n/x', isRestart: true };
  expect(parseLaunch(JSON.stringify(launch))).toEqual(launch);
  expect(parseLaunch('{}')).toEqual({});
});

it.each(['', '{"session":"secret"', '[]', '{"port":65536}', '{"port":-1}', '{"other":1}'])(
  'refuses %j without a word of it',
  (line) => {
    expect(parseLaunch(line)).toBeNull();
  },
);

// What foreign code in a window would try. Each runs in the page from a timer, since what a driver
// evaluates directly may be let past the policy; each gives a word for how it ended.

export type Attack = {
  readonly name: string;
  /** Runs in the page. */
  readonly run: () => Promise<string>;
  /** What it must end with. */
  readonly ends: RegExp;
  /** What the window must have complained of, where it does. */
  readonly fault?: RegExp;
  /** What it ends with where there is no policy, and no network. */
  readonly unprotected?: string;
};

export const attacks: readonly Attack[] = [
  {
    name: 'eval',
    run: () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            const evaluate = Reflect.get(globalThis, 'eval') as (text: string) => unknown;
            resolve(String(evaluate('1+1')));
          } catch (error) {
            resolve((error as Error).name);
          }
        });
      }),
    ends: /^(EvalError|TypeError)$/,
    fault: /^violation: (script-src eval|require-trusted-types-for \S+ eval\|)/,
    unprotected: '2',
  },
  {
    name: 'a function from text',
    run: () =>
      new Promise((resolve) => {
        setTimeout(() => {
          try {
            const maker = Reflect.get(globalThis, 'Function') as unknown as Maker;
            resolve(String(maker('return 2')()));
          } catch (error) {
            resolve((error as Error).name);
          }
        });
      }),
    ends: /^(EvalError|TypeError)$/,
    fault: /^violation: (script-src eval|require-trusted-types-for \S+ Function\|)/,
    unprotected: '2',
  },
  {
    name: 'an inline script',
    run: async () => {
      try {
        const script = document.createElement('script');
        script.append(document.createTextNode('globalThis.eddyRan = true'));
        document.body.append(script);
      } catch (error) {
        return (error as Error).name;
      }
      return 'eddyRan' in globalThis ? 'ran' : 'blocked';
    },
    ends: /^(blocked|TypeError)$/,
    fault: /^violation: (script-src-elem inline|require-trusted-types-for)/,
    unprotected: 'ran',
  },
  {
    name: 'markup from a string',
    run: async () => {
      try {
        document.createElement('div').innerHTML = '<b>x</b>';
        return 'set';
      } catch (error) {
        return (error as Error).name;
      }
    },
    ends: /^TypeError$/,
    fault: /^violation: require-trusted-types-for \S+ Element innerHTML/,
    unprotected: 'set',
  },
  {
    name: 'a policy of its own for trusted types',
    run: async () => {
      const types = (globalThis as unknown as { trustedTypes: TrustedTypes }).trustedTypes;
      try {
        types.createPolicy('mine', {});
        return 'made';
      } catch (error) {
        return (error as Error).name;
      }
    },
    ends: /^TypeError$/,
    fault: /^violation: trusted-types/,
    unprotected: 'made',
  },
  {
    name: 'an inline style',
    run: async () => {
      const style = document.createElement('style');
      style.textContent = 'body { order: 41 }';
      document.head.append(style);
      const order = getComputedStyle(document.body).order;
      style.remove();
      return order === '41' ? 'applied' : 'blocked';
    },
    ends: /^blocked$/,
    fault: /^violation: style-src-elem inline/,
    unprotected: 'applied',
  },
  {
    name: 'fetch over https',
    run: () =>
      fetch('https://example.invalid/').then(
        () => 'sent',
        () => 'blocked',
      ),
    ends: /^blocked$/,
    fault: /^violation: connect-src https:\/\/example\.invalid\//,
  },
  {
    name: 'fetch over http to this machine',
    run: () =>
      fetch('http://127.0.0.1:9/').then(
        () => 'sent',
        () => 'blocked',
      ),
    ends: /^blocked$/,
    fault: /^violation: connect-src http:\/\/127\.0\.0\.1:9\//,
  },
  {
    name: 'a WebSocket elsewhere',
    run: () =>
      new Promise((resolve) => {
        try {
          const socket = new WebSocket('wss://example.invalid/');
          socket.onopen = () => resolve('sent');
          socket.onerror = () => resolve('blocked');
        } catch {
          resolve('blocked');
        }
      }),
    ends: /^blocked$/,
    fault: /^violation: connect-src wss:\/\/example\.invalid\//,
  },
  {
    name: 'an image from elsewhere',
    run: () =>
      new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve('sent');
        image.onerror = () => resolve('blocked');
        image.src = 'https://example.invalid/x.png';
      }),
    ends: /^blocked$/,
    fault: /^violation: img-src https:\/\/example\.invalid\/x\.png/,
  },
  {
    name: 'a frame inside the page',
    run: () =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = 'https://example.invalid/';
        document.body.append(frame);
        setTimeout(() => {
          let inside = 'blocked';
          try {
            inside = frame.contentDocument === null ? 'blocked' : 'empty';
          } catch {
            inside = 'blocked';
          }
          frame.remove();
          resolve(inside);
        }, 200);
      }),
    ends: /^blocked$/,
    fault: /^violation: frame-src https:\/\/example\.invalid/,
  },
  {
    name: 'the place of the user',
    run: () =>
      new Promise((resolve) => {
        navigator.geolocation.getCurrentPosition(
          () => resolve('given'),
          (error) => resolve(`refused ${error.code}`),
        );
      }),
    ends: /^refused 1$/,
  },
  {
    // The driver gives every target a camera and a microphone that are not real.
    name: 'camera and microphone',
    run: () =>
      navigator.mediaDevices.getUserMedia({ audio: true, video: true }).then(
        () => 'given',
        (error: Error) => error.name,
      ),
    ends: /^NotAllowedError$/,
  },
  {
    name: 'what lies on the clipboard',
    run: () =>
      navigator.clipboard.readText().then(
        () => 'given',
        (error: Error) => error.name,
      ),
    ends: /^NotAllowedError$/,
  },
  {
    name: 'a picture of the screen',
    run: () =>
      navigator.mediaDevices.getDisplayMedia().then(
        () => 'given',
        (error: Error) => error.name,
      ),
    ends: /^NotAllowedError$/,
  },
  {
    name: 'notifications',
    run: () => Notification.requestPermission(),
    ends: /^denied$/,
  },
];

type Maker = (text: string) => () => unknown;
type TrustedTypes = { readonly createPolicy: (name: string, rules: object) => unknown };

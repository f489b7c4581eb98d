// What the first start shows beside its form, from what the engine tells: the demo network as its
// nodes come up, or the way into the network that was joined.
import type { NetworkStatus } from '../../shared/api-network.ts';
import type { Demo, Profile } from '../../shared/api-profile.ts';
import type { Column, PictureNode } from '../network/network-picture.tsx';
import type { Speech } from '../strings/language.ts';
import type { Progress, Step } from './welcome.tsx';

type DemoNode = Demo['nodes'][number];

export type Starting = {
  readonly demo: Demo | null;
  readonly profile: Profile | null;
  readonly network: NetworkStatus | null;
};

export function progressOf({ text }: Speech, { demo, profile, network }: Starting): Progress {
  const joined = profile?.network;
  if (joined != null && !joined.isDemo) return joinedProgress(text, joined.name, network);
  if (demo === null || demo.state === 'off') {
    const isUnknown = demo === null;
    return {
      title: text(isUnknown ? 'welcome.engine' : 'welcome.off'),
      detail: isUnknown ? '' : text('welcome.off.detail'),
      columns: [],
      steps: [],
      share: 0,
      words: null,
    };
  }
  const steps = demoSteps(text, demo);
  return {
    title: text(demo.state === 'ready' ? 'welcome.demo.ready' : 'welcome.demo'),
    detail: text('welcome.demo.detail'),
    columns: demoColumns(text, demo),
    steps,
    share: shareOf(demo),
    words:
      demo.state === 'failed'
        ? null
        : text(demo.state === 'ready' ? 'welcome.ready' : 'welcome.meanwhile'),
  };
}

/** Of all that has to come up, the share that is there. */
function shareOf({ nodes, state, hasCorrespondent }: Demo): number {
  if (state === 'ready' && hasCorrespondent) return 1;
  const ready = nodes.filter((node) => node.isReady).length + (hasCorrespondent ? 1 : 0);
  return ready / (nodes.length + 1);
}

function counted({ nodes }: Demo, kind: DemoNode['kind']) {
  const ofKind = nodes.filter((node) => node.kind === kind);
  return { ready: ofKind.filter((node) => node.isReady).length, all: ofKind.length };
}

function demoSteps(text: Speech['text'], demo: Demo): readonly Step[] {
  const authorities = counted(demo, 'authority');
  const mixes = counted(demo, 'mix');
  const providers = counted(demo, 'provider');
  const areIn = authorities.all > 0 && authorities.ready === authorities.all;
  const areUp = mixes.all > 0 && mixes.ready === mixes.all && providers.ready === providers.all;
  const done = [areIn, areUp, demo.hasCorrespondent];
  const current = demo.state === 'failed' ? -1 : done.indexOf(false);
  const words = [
    text('welcome.step.authorities', authorities),
    text('welcome.step.nodes', {
      mixes: mixes.ready,
      allMixes: mixes.all,
      providers: providers.ready,
      allProviders: providers.all,
    }),
    text('welcome.step.echo'),
  ];
  const ids = ['authorities', 'nodes', 'echo'] as const;
  const steps = ids.map((id, index): Step => {
    const state = done[index] === true ? 'done' : index === current ? 'now' : 'later';
    return { id, words: words[index] ?? '', state };
  });
  const later = [
    { id: 'keys', words: text('welcome.step.keys'), state: 'later' },
    { id: 'hello', words: text('welcome.step.hello'), state: 'later' },
  ] as const;
  return [...steps, ...later];
}

function demoColumns(text: Speech['text'], demo: Demo): readonly Column[] {
  const mixes = demo.nodes.filter((node) => node.kind === 'mix');
  // Drawn as the one that starts now; the others have not begun.
  const next = demo.state === 'starting' ? mixes.find((node) => !node.isReady) : undefined;
  const drawn = (node: DemoNode): PictureNode => ({
    id: node.name,
    kind: node.kind === 'mix' ? 'mix' : 'provider',
    name: '',
    words: '',
    state: node.isReady ? 'good' : node === next ? 'starting' : 'unknown',
  });
  const providers = demo.nodes.filter((node) => node.kind === 'provider').map(drawn);
  const layers = [1, 2, 3].map((layer) => ({
    title: text('welcome.column.layer', { layer }),
    nodes: mixes.filter((node, index) => layerOf(node, index, mixes.length) === layer).map(drawn),
  }));
  const half = Math.ceil(providers.length / 2);
  const title = text('welcome.column.provider');
  const ends = [providers.slice(0, half), providers.slice(half)];
  const [first = [], last = []] = ends;
  return [{ title, nodes: first }, ...layers, { title, nodes: last }].filter(
    ({ nodes }) => nodes.length > 0,
  );
}

/** The layer of a mix; before the authorities have said, evenly over the three. */
function layerOf(node: DemoNode, index: number, count: number): number {
  return node.layer ?? 1 + Math.floor((index * 3) / count);
}

/** The states of the network in the order in which they pass. */
const stages: readonly (readonly NetworkStatus['state'][])[] = [
  ['no_document'],
  ['connecting', 'provider_gone', 'clock_wrong'],
  ['registering', 'refused'],
];

function joinedProgress(
  text: Speech['text'],
  name: string,
  network: NetworkStatus | null,
): Progress {
  const state = network?.state ?? 'none';
  const at =
    state === 'online' ? stages.length : stages.findIndex((names) => names.includes(state));
  const keys = [
    'welcome.joined.list',
    'welcome.joined.provider',
    'welcome.joined.mailbox',
  ] as const;
  return {
    title: text('welcome.joined', { network: name }),
    detail: text('welcome.joined.detail'),
    columns: [],
    steps: keys.map((key, index) => ({
      id: key,
      words: text(key),
      state: index < at ? 'done' : index === at ? 'now' : 'later',
    })),
    share: Math.max(0, at) / stages.length,
    words: state === 'none' ? text('welcome.joined.none') : null,
  };
}

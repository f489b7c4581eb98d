// Sample networks of the design's pictures.
import type { Column, PictureNode } from '../network/network-picture.tsx';
import type { TableRow } from '../ui/table.tsx';
import type { Step } from '../views/welcome.tsx';

const mix = (name: string, words = '99.6 %'): PictureNode => ({
  id: name.toLowerCase(),
  kind: 'mix',
  name,
  words,
  state: 'good',
});
const provider = (name: string, words: string, state: PictureNode['state']): PictureNode => ({
  id: name.toLowerCase(),
  kind: 'provider',
  name,
  words,
  ...(state === 'unknown' ? { wordsShort: 'unknown' } : {}),
  state,
});

export const health: readonly Column[] = [
  { title: 'Out', nodes: [provider('Quay', 'yours', 'good')] },
  { title: 'Layer 1', nodes: [mix('Heron'), mix('Plover'), mix('Curlew')] },
  {
    title: 'Layer 2',
    nodes: [
      mix('Teal'),
      {
        ...mix('Grebe', '90.9 %, suspected'),
        wordsShort: '90.9 %',
        state: 'suspected',
        loss: 0.091,
      },
      mix('Avocet'),
    ],
  },
  {
    title: 'Layer 3',
    nodes: [
      mix('Dunlin', '99.7 %'),
      mix('Wigeon', '99.5 %'),
      { ...mix('Rail', 'not known yet'), wordsShort: 'unknown', state: 'unknown' },
    ],
  },
  {
    title: 'Back',
    nodes: [
      provider('Ferry', 'not measured', 'unknown'),
      provider('Quay', 'yours', 'good'),
      provider('Sluice', 'not measured', 'unknown'),
    ],
  },
];

const plain = (id: string, state: PictureNode['state']): PictureNode => ({
  id,
  kind: 'mix',
  name: '',
  words: '',
  state,
});

export const starting: readonly Column[] = [
  { title: 'Your provider', nodes: [provider('a', '', 'good')] },
  { title: 'Layer 1', nodes: [plain('1a', 'good'), plain('1b', 'good')] },
  { title: 'Layer 2', nodes: [plain('2a', 'good'), plain('2b', 'good')] },
  { title: 'Layer 3', nodes: [plain('3a', 'starting'), plain('3b', 'unknown')] },
  { title: 'Echo’s provider', nodes: [provider('b', '', 'good')] },
];

export const steps: readonly Step[] = [
  { id: 'keys', words: 'Keys made for Lena', state: 'done', seconds: 0.2 },
  { id: 'agreed', words: '3 of 3 authorities agreed on the network', state: 'done', seconds: 1.1 },
  { id: 'up', words: '4 of 6 mixes and 2 of 2 providers are up', state: 'now' },
  { id: 'loop', words: 'First loop out and back', state: 'later' },
  { id: 'echo', words: 'Echo says hello', state: 'later' },
];

const numbers =
  'Heron 1 261 260 99.6 97.9–99.9,Plover 1 266 265 99.6 97.9–99.9,' +
  'Curlew 1 261 260 99.6 97.9–99.9,' +
  'Teal 2 262 261 99.6 97.9–99.9,Grebe 2 263 239 90.9 86.8–93.8,Rail 3 14 14 – –';

export const nodeRows: readonly TableRow[] = numbers.split(',').map((line) => {
  const cells = line.split(' ');
  return { id: cells[0] ?? '', cells };
});

/** Modules that look like a code and are none; a picture needs no more. */
export function patternOfModules(): boolean[][] {
  const side = 33;
  const isFinder = (x: number, y: number) => {
    const [cx, cy] = [x > 16 ? x - (side - 7) : x, y > 16 ? y - (side - 7) : y];
    if (cx < 0 || cy < 0 || cx > 6 || cy > 6 || (x > 16 && y > 16)) return null;
    const ring = Math.max(Math.abs(cx - 3), Math.abs(cy - 3));
    return ring !== 2;
  };
  return Array.from({ length: side }, (_row, y) =>
    Array.from(
      { length: side },
      (_cell, x) => isFinder(x, y) ?? (x * x * 7 + y ** 3 + x * y) % 11 < 5,
    ),
  );
}

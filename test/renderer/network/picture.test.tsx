// The picture of the network: what stands where, what is drawn as sure, and its words.
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type Column,
  NetworkPicture,
  type PictureNode,
} from '../../../renderer/network/network-picture.tsx';
import { layOut } from '../../../renderer/network/picture-layout.ts';
import { Shares } from '../../../renderer/network/shares.tsx';

afterEach(cleanup);

const mix = (id: string, state: PictureNode['state'] = 'good'): PictureNode => ({
  id,
  kind: 'mix',
  name: id,
  words: '99 %',
  state,
});
const provider: PictureNode = { ...mix('Quay'), kind: 'provider' };
const columns: readonly Column[] = [
  { title: 'Out', nodes: [provider] },
  { title: 'Layer 1', nodes: [mix('Heron'), mix('Rail', 'unknown')] },
  { title: 'Back', nodes: [provider] },
];
const at = (hopsDone: number) =>
  layOut(columns, {
    width: 300,
    isPlain: false,
    flight: { path: ['Quay', 'Heron', 'Quay'], hopsDone },
  });

describe('the layout', () => {
  it('links every node with every one of the next column, dashed where one is not known', () => {
    const { links } = at(0);
    expect(links).toHaveLength(4);
    expect(links.filter((link) => link.isSure).map((link) => link.id)).toEqual([
      '0/Quay>1/Heron',
      '1/Heron>2/Quay',
    ]);
  });
  it('keeps everything inside the width it was given', () => {
    expect(at(0).placed.map(({ x }) => x)).toEqual([50, 150, 150, 250]);
  });
  it('moves the packet along its path, and leaves it out when it is home', () => {
    expect(at(0.5).packet?.x).toBe(100);
    expect(at(1).packet?.x).toBe(150);
    expect(at(2).packet).toBeNull();
    expect(at(1.5).legs.map((leg) => leg.isDone)).toEqual([true, false]);
  });
  it('draws no loop through a node that is not in the picture', () => {
    const flight = { path: ['Quay', 'Nobody', 'Quay'], hopsDone: 1 };
    const { legs, packet } = layOut(columns, { width: 300, isPlain: false, flight });
    expect([legs, packet]).toEqual([[], null]);
  });
});

it('the picture has a name, and words under every node', () => {
  render(<NetworkPicture label="One mix, one not known" columns={columns} />);
  expect(screen.getByRole('img', { name: 'One mix, one not known' })).toBeDefined();
  expect(screen.getByText('Heron')).toBeDefined();
  expect(screen.getAllByText('99 %')).toHaveLength(4);
});

it('the shares say their numbers in words, zero too', () => {
  render(
    <Shares
      shares={[
        { id: 'messages', words: 'Messages', count: 0 },
        { id: 'drop', words: 'Drop packets', count: 1_098 },
      ]}
    />,
  );
  expect(screen.getByText('1,098')).toBeDefined();
  expect(screen.getByText('0')).toBeDefined();
});

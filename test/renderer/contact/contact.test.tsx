// Safety numbers and codes.
import { cleanup, render, screen } from '@testing-library/react';
import { afterEach, describe, expect, it } from 'vitest';
import { darkPath, QrCode } from '../../../renderer/contact/qr-code.tsx';
import { SafetyNumber, safetyGroups } from '../../../renderer/contact/safety-number.tsx';

afterEach(cleanup);
const digits = '048175239011846739256027839514880622571347609913580642784153';

describe('a safety number', () => {
  it('is twelve groups of five, in order', () => {
    render(<SafetyNumber label="Safety number" groups={safetyGroups(digits) ?? []} />);
    const groups = screen.getAllByRole('listitem').map((item) => item.textContent);
    expect(groups).toHaveLength(12);
    expect(groups.join('')).toBe(digits);
  });
  it.each([digits.slice(1), `${digits}0`, digits.replace('0', 'O'), ''])(
    'is not made of anything else: %s',
    (other) => {
      expect(safetyGroups(other)).toBeNull();
    },
  );
});

describe('a QR code', () => {
  it('draws runs of dark modules inside four modules of quiet', () => {
    const modules = [
      [true, true, false],
      [false, false, false],
      [true, false, true],
    ];
    expect(darkPath(modules)).toBe('M4 4h2v1h-2zM4 6h1v1h-1zM6 6h1v1h-1z');
    render(<QrCode modules={modules} label="Invite" sizeMax={110} />);
    expect(screen.getByRole('img', { name: 'Invite' }).getAttribute('viewBox')).toBe('0 0 11 11');
  });
});

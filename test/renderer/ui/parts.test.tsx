// Parts as a person uses them: what can be pressed, what says why not, what a key does.
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { type ReactNode, useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Avatar, avatarPair, initials } from '../../../renderer/ui/avatar.tsx';
import { Button } from '../../../renderer/ui/button.tsx';
import { DeliveryGlyph, deliveryStates } from '../../../renderer/ui/delivery-glyph.tsx';
import { Dialog } from '../../../renderer/ui/dialog.tsx';
import { TextField } from '../../../renderer/ui/field.tsx';
import { Menu } from '../../../renderer/ui/menu.tsx';
import { NetworkIcon, networkStates } from '../../../renderer/ui/network-icon.tsx';
import { SearchField } from '../../../renderer/ui/search-field.tsx';
import { Switch } from '../../../renderer/ui/switch.tsx';
import { TipProvider } from '../../../renderer/ui/tip.tsx';

afterEach(cleanup);
const show = (part: ReactNode) => render(<TipProvider>{part}</TipProvider>);

describe('a button', () => {
  it('that is disabled can be reached, says why, and does nothing', async () => {
    const press = vi.fn();
    show(
      <Button disabledReason="There is no network" onPress={press}>
        Send
      </Button>,
    );
    await userEvent.tab();
    const button = screen.getByRole('button', { name: 'Send' });
    expect(document.activeElement).toBe(button);
    await userEvent.keyboard('{Enter}');
    await userEvent.click(button);
    expect(press).not.toHaveBeenCalled();
    const reason = document.getElementById(button.getAttribute('aria-describedby') ?? '');
    expect(reason?.textContent).toBe('There is no network');
  });
  it('that is busy keeps its name and takes no second press', async () => {
    const press = vi.fn();
    show(
      <Button busy onPress={press}>
        Unlock
      </Button>,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Unlock', busy: true }));
    expect(press).not.toHaveBeenCalled();
  });
});

describe('a field', () => {
  it('that is wrong says so where its reader is', () => {
    show(<TextField label="Invite" value="x" error="It is cut off" onChange={() => {}} />);
    const field = screen.getByRole('textbox', { name: 'Invite' });
    expect(field.getAttribute('aria-invalid')).toBe('true');
    const note = document.getElementById(field.getAttribute('aria-describedby') ?? '');
    expect(note?.textContent).toBe('It is cut off');
  });
  it('for search is emptied by Escape, and only then lets it through', async () => {
    const outer = vi.fn();
    function Searching() {
      const [query, setQuery] = useState('Tomás');
      return <SearchField label="Search" value={query} clearWords="Clear" onChange={setQuery} />;
    }
    document.addEventListener('keydown', outer);
    show(<Searching />);
    const field = screen.getByRole('searchbox', { name: 'Search' });
    await userEvent.click(field);
    await userEvent.keyboard('{Escape}');
    expect((field as HTMLInputElement).value).toBe('');
    await userEvent.keyboard('{Escape}');
    document.removeEventListener('keydown', outer);
    expect(outer.mock.calls.map(([event]) => event.defaultPrevented)).toEqual([true, false]);
  });
});

describe('a switch', () => {
  it('has the name that stands beside it, and turns by the space key', async () => {
    const turn = vi.fn();
    show(
      <>
        <span id="name">Tell them when I have read</span>
        <Switch on={false} labelledBy="name" onChange={turn} />
      </>,
    );
    await userEvent.tab();
    await userEvent.keyboard(' ');
    expect(turn).toHaveBeenCalledWith(true);
    expect(screen.getByRole('switch', { name: 'Tell them when I have read' })).toBeDefined();
  });
});

describe('a menu', () => {
  it('opens by key, moves by arrows, chooses by Enter', async () => {
    const choose = vi.fn();
    const items = [
      { id: 'pin', words: 'Pin' },
      { id: 'mute', words: 'Mute' },
    ];
    show(<Menu words="More" icon="…" items={items} onChoose={choose} />);
    await userEvent.tab();
    await userEvent.keyboard('{Enter}');
    await screen.findByRole('menuitem', { name: 'Pin' });
    await userEvent.keyboard('{ArrowDown}{Enter}');
    expect(choose).toHaveBeenCalledWith('mute');
  });
});

describe('a dialog', () => {
  it('names what happens, and Escape leaves things as they were', async () => {
    const close = vi.fn();
    show(
      <Dialog
        open
        title="Delete the chat?"
        description="It cannot be brought back."
        actions={<Button>Keep it</Button>}
        onClose={close}
      />,
    );
    const dialog = screen.getByRole('dialog', { name: 'Delete the chat?' });
    expect(dialog.textContent).toContain('It cannot be brought back.');
    await userEvent.keyboard('{Escape}');
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('people', () => {
  it.each([
    ['Mara Lindqvist', 'ML'],
    ['Echo', 'E'],
    ['  amina  al haddad ', 'AH'],
    ['Øyvind', 'Ø'],
    ['👩‍🚀 Astro', 'A'],
    ['李 小龍', '李小'],
    ['🙂', ''],
    ['', ''],
  ])('%s is shortened to %s', (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
  it('get one of six pairs of colours from their key', () => {
    expect([0, 5, 6, 255].map((byte) => avatarPair(Uint8Array.of(byte, 9)))).toEqual([0, 5, 0, 3]);
    expect(avatarPair(new Uint8Array())).toBe(0);
  });
  it('are letters only for the eye', () => {
    show(<Avatar name="Mara" pair={0} />);
    expect(screen.getByText('M').getAttribute('aria-hidden')).toBe('true');
  });
});

describe('glyphs', () => {
  it('are ten different drawings', () => {
    const drawings = deliveryStates.map((state) => {
      const { container, unmount } = render(<DeliveryGlyph state={state} />);
      const shapes = [...container.querySelectorAll('path, circle')].map((shape) =>
        ['d', 'cx', 'cy', 'r', 'stroke-dasharray'].map((name) => shape.getAttribute(name)).join(),
      );
      unmount();
      return shapes.join(';');
    });
    expect(new Set(drawings).size).toBe(10);
  });
  it('are there for every state of the network', () => {
    for (const state of networkStates) {
      const { container, unmount } = render(<NetworkIcon state={state} />);
      expect(container.querySelector('svg')).not.toBeNull();
      unmount();
    }
  });
});

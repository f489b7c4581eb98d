// Rows, bubbles and the composer, read and used as a person would.
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Bubble, LATE_MS_MIN } from '../../../renderer/chat/bubble.tsx';
import { Composer } from '../../../renderer/chat/composer.tsx';
import { ConversationRow } from '../../../renderer/chat/conversation-row.tsx';
import { LOOPS_SHOWN_MAX, LoopStrip } from '../../../renderer/chat/loop-strip.tsx';
import { StateLine } from '../../../renderer/chat/marks.tsx';
import { COUNT_SHOWN_MAX } from '../../../renderer/ui/count.tsx';
import { TipProvider } from '../../../renderer/ui/tip.tsx';

afterEach(cleanup);
const noon = new Date(2026, 10, 22, 12, 0).getTime();

describe('a conversation row', () => {
  const row = { href: '#', name: 'Tomás Rivera', pair: 1, stamp: '13:40' };
  it('reads as who, signs, when, what and how many', () => {
    render(
      <ConversationRow
        {...row}
        verified
        muted
        unread={12}
        preview={{ kind: 'theirs', from: 'Ines', text: 'The water is back' }}
      />,
    );
    const words = screen.getByRole('link').textContent;
    for (const part of ['Tomás Rivera', 'Verified', 'Muted', '13:40', 'Ines: The water is back']) {
      expect(words).toContain(part);
    }
    expect(words).toContain('12 unread messages, muted');
  });
  it('says in words that something was not sent, or that it may have arrived', () => {
    const preview = { kind: 'trouble', text: 'Bring it' } as const;
    const { rerender } = render(
      <ConversationRow {...row} unread={0} preview={{ ...preview, state: 'failed' }} />,
    );
    expect(screen.getByText('Not sent')).toBeDefined();
    rerender(
      <ConversationRow {...row} unread={0} preview={{ ...preview, state: 'not_confirmed' }} />,
    );
    expect(screen.getByText('Not confirmed')).toBeDefined();
  });
  it('counts up to a limit, and past it in words alone', () => {
    const preview = { kind: 'theirs', text: 'Hello' } as const;
    const { rerender } = render(
      <ConversationRow {...row} unread={COUNT_SHOWN_MAX} preview={preview} />,
    );
    expect(screen.getByText('99')).toBeDefined();
    rerender(<ConversationRow {...row} unread={COUNT_SHOWN_MAX + 1} preview={preview} />);
    expect(screen.getByText('99+')).toBeDefined();
    expect(screen.getByText('100 unread messages')).toBeDefined();
  });
});

describe('a bubble', () => {
  it('says when it was sent and when it arrived, once they differ by more than two minutes', () => {
    const late = { own: false, text: 'Sorry', sentUnixMs: noon } as const;
    const { rerender } = render(<Bubble {...late} arrivedUnixMs={noon + LATE_MS_MIN} />);
    expect(screen.queryByText(/Sent .*, arrived/)).toBeNull();
    rerender(<Bubble {...late} arrivedUnixMs={noon + LATE_MS_MIN + 1} />);
    expect(screen.getByText(/Sent .*, arrived/)).toBeDefined();
  });
  it('names the state of an own message for whoever does not see the glyph', () => {
    render(<Bubble own text="Hi" sentUnixMs={noon} delivery={{ state: 'waiting' }} />);
    expect(screen.getByRole('img', { name: 'Waiting for the network' })).toBeDefined();
  });
  it('shows nothing of a deleted message', () => {
    render(<Bubble own={false} text="secret" state="deleted" sentUnixMs={noon} />);
    expect(screen.queryByText(/secret/)).toBeNull();
    expect(screen.getByText(/was deleted/)).toBeDefined();
  });
  it('takes text as text', () => {
    render(<Bubble own={false} text={'<b>bold</b> **strong**'} sentUnixMs={noon} />);
    expect(screen.getByText(/<b>bold<\/b> \*\*strong\*\*/)).toBeDefined();
  });
});

describe('the line under the last own message', () => {
  it('announces what ended and stays quiet about the way there', () => {
    const nothing = () => {};
    const { rerender } = render(
      <StateLine
        name="Mara"
        delivery={{ state: 'queued', leavesInSeconds: 2 }}
        onAction={nothing}
      />,
    );
    expect(screen.getByRole('status').textContent).toBe('');
    rerender(
      <StateLine
        name="Mara"
        delivery={{ state: 'delivered', atUnixMs: noon }}
        onAction={nothing}
      />,
    );
    expect(screen.getByRole('status').textContent).toContain('Delivered');
  });
  it('offers what can be done', async () => {
    const act = vi.fn();
    render(<StateLine name="Mara" delivery={{ state: 'not_confirmed' }} onAction={act} />);
    await userEvent.click(screen.getByRole('button', { name: 'Send again' }));
    expect(act).toHaveBeenCalledWith('again');
  });
});

describe('the composer', () => {
  function Writing({ onSend }: { readonly onSend: (text: string) => void }) {
    const [value, setValue] = useState('');
    return (
      <TipProvider>
        <Composer
          name="Mara"
          value={value}
          forecast={{ kind: 'usual', fromSeconds: 3, toSeconds: 7 }}
          onChange={setValue}
          onSend={() => onSend(value)}
        />
      </TipProvider>
    );
  }
  it('sends by Enter, breaks the line by Shift Enter', async () => {
    const send = vi.fn();
    render(<Writing onSend={send} />);
    const field = screen.getByRole('textbox', { name: 'Message to Mara' });
    await userEvent.type(field, 'One{Shift>}{Enter}{/Shift}two{Enter}');
    expect(send).toHaveBeenCalledOnce();
    expect(send).toHaveBeenCalledWith('One\ntwo');
  });
  it('sends nothing that is empty, and says so', async () => {
    const send = vi.fn();
    render(<Writing onSend={send} />);
    await userEvent.type(screen.getByRole('textbox'), '   {Enter}');
    await userEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(send).not.toHaveBeenCalled();
    const button = screen.getByRole('button', { name: 'Send' });
    expect(button.getAttribute('aria-disabled')).toBe('true');
    expect(screen.getAllByText('Nothing is written yet').length).toBeGreaterThan(0);
  });
  it('says what is known of the way', () => {
    render(<Writing onSend={() => {}} />);
    expect(screen.getByText('usually 3 to 7 seconds')).toBeDefined();
  });
});

describe('the strip of loops', () => {
  it('says in words what its bars show, for as many as it shows', () => {
    const loops = Array.from({ length: LOOPS_SHOWN_MAX + 1 }, (_, id) =>
      id < LOOPS_SHOWN_MAX - 1
        ? ({ id, fate: 'returned', roundTripMs: 3_000 } as const)
        : ({ id, fate: id === LOOPS_SHOWN_MAX ? 'flying' : 'lost' } as const),
    );
    const { container } = render(<LoopStrip loops={loops} />);
    expect(
      screen.getByRole('img', {
        name: 'The last 52 loops: 50 came back, 1 were lost, 1 on the way',
      }),
    ).toBeDefined();
    expect(container.querySelectorAll('rect')).toHaveLength(LOOPS_SHOWN_MAX);
  });
});

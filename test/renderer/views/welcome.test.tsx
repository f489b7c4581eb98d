// The first start: a name is asked for, and what starts meanwhile is told in words.
import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, expect, it, vi } from 'vitest';
import { TipProvider } from '../../../renderer/ui/tip.tsx';
import { NAME_LENGTH_MAX, Welcome } from '../../../renderer/views/welcome.tsx';

afterEach(cleanup);

function First({ onContinue }: { readonly onContinue: (name: string) => void }) {
  const [name, setName] = useState('');
  const steps = [
    { id: 'keys', words: 'Keys made', state: 'done', seconds: 0.2 },
    { id: 'loop', words: 'First loop out and back', state: 'later' },
  ] as const;
  return (
    <TipProvider>
      <Welcome
        name={name}
        progress={{
          title: 'Starting',
          detail: '',
          columns: [],
          steps,
          share: 0.5,
          words: 'You can go on meanwhile.',
        }}
        onName={setName}
        onContinue={() => onContinue(name)}
        onJoin={() => {}}
      />
    </TipProvider>
  );
}

it('goes on by Enter once there is a name, and not before', async () => {
  const go = vi.fn();
  render(<First onContinue={go} />);
  const field = screen.getByRole('textbox', { name: 'What should people call you?' });
  await userEvent.type(field, '  {Enter}');
  expect(go).not.toHaveBeenCalled();
  await userEvent.type(field, 'Lena{Enter}');
  expect(go).toHaveBeenCalledOnce();
});

it('takes a name up to its limit and no letter more', async () => {
  render(<First onContinue={() => {}} />);
  const field = screen.getByRole('textbox');
  await userEvent.click(field);
  await userEvent.paste('x'.repeat(NAME_LENGTH_MAX + 1));
  expect((field as HTMLInputElement).value).toHaveLength(NAME_LENGTH_MAX);
});

it('tells each step with its state, and that nothing waits for it', () => {
  render(<First onContinue={() => {}} />);
  const [keys, loop] = screen.getAllByRole('listitem').map((item) => item.textContent);
  expect(keys).toContain('Keys made');
  expect(keys).toContain('done');
  expect(loop).toContain('not yet');
  expect(screen.getByText('You can go on meanwhile.')).toBeDefined();
});

// Single parts that need a page of their own: an open dialog, a view that throws.
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { LockScreen } from '../views/lock.tsx';

export function DialogSample() {
  return (
    <main className="gallery">
      <h1>Dialog</h1>
      <Dialog
        open
        title="Delete the chat with Tomás?"
        description="Its 213 messages are removed here and cannot be brought back."
        actions={
          <>
            <Button>Keep it</Button>
            <Button kind="destructive">Delete</Button>
          </>
        }
        onClose={() => {}}
      />
    </main>
  );
}

export function ThrowingSample(): never {
  throw new Error('must hold: the list has a row for every conversation');
}

export function LockSample({ state }: { readonly state: 'rest' | 'wrong' | 'working' }) {
  return (
    <LockScreen
      state={state}
      keychain={state === 'wrong' ? 'none' : 'here'}
      onUnlock={() => {}}
      onOtherProfile={() => {}}
    />
  );
}

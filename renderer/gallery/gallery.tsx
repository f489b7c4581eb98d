// Every part in every state, with sample data, for pictures and for whoever builds a view. Built by
// scripts/shots.ts alone; no part of what a user gets.
import { setNonce } from 'get-nonce';
import { type ReactNode, StrictMode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { speak } from '../strings/language.ts';
import { SpeechProvider } from '../strings/speech.tsx';
import { TipProvider } from '../ui/tip.tsx';
import { FaultBoundary } from '../views/fault.tsx';
import { ChatSample, ChatStates } from './chat.tsx';
import { Controls } from './controls.tsx';
import { ContactSample, HealthSample, WelcomeSample } from './pages.tsx';
import { Parts } from './parts.tsx';
import { DialogSample, LockSample, ThrowingSample } from './samples.tsx';
import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import './gallery.css';

const views: Readonly<Record<string, () => ReactNode>> = {
  parts: () => <Parts />,
  controls: () => <Controls />,
  dialog: () => <DialogSample />,
  fault: () => <ThrowingSample />,
  chat: () => <ChatSample />,
  welcome: () => <WelcomeSample />,
  contact: () => <ContactSample />,
  health: () => <HealthSample />,
  'chat-states': () => <ChatStates />,
  lock: () => <LockSample state="rest" />,
  'lock-wrong': () => <LockSample state="wrong" />,
  'lock-working': () => <LockSample state="working" />,
};

function Gallery() {
  const hash = useSyncExternalStore(
    (watcher) => {
      window.addEventListener('hashchange', watcher);
      return () => window.removeEventListener('hashchange', watcher);
    },
    () => window.location.hash,
  );
  const view = views[hash.replace('#', '')] ?? views['parts'];
  return view?.();
}

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
if (nonce !== undefined) setNonce(nonce);
const root = document.getElementById('root');
if (root === null) throw new Error('must hold: the page has its root element');
// A fault that a boundary caught is shown here on purpose; the console is for what nobody caught.
createRoot(root, { onCaughtError: () => {} }).render(
  <StrictMode>
    <SpeechProvider speech={speak('en', ['en-GB'])}>
      <TipProvider>
        <FaultBoundary whole>
          <Gallery />
        </FaultBoundary>
      </TipProvider>
    </SpeechProvider>
  </StrictMode>,
);

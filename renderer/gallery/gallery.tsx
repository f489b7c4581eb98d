// Every part in every state, with sample data, for pictures and for whoever builds a view. Built by
// scripts/shots.ts alone; no part of what a user gets.
import { setNonce } from 'get-nonce';
import { type ReactNode, StrictMode, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { TipProvider } from '../ui/tip.tsx';
import { FaultBoundary } from '../views/fault.tsx';
import { Controls } from './controls.tsx';
import { Parts } from './parts.tsx';
import { DialogSample, ThrowingSample } from './samples.tsx';
import '../styles/fonts.css';
import '../styles/tokens.css';
import '../styles/base.css';
import './gallery.css';

const views: Readonly<Record<string, () => ReactNode>> = {
  parts: () => <Parts />,
  controls: () => <Controls />,
  dialog: () => <DialogSample />,
  fault: () => <ThrowingSample />,
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
createRoot(root).render(
  <StrictMode>
    <TipProvider>
      <FaultBoundary>
        <Gallery />
      </FaultBoundary>
    </TipProvider>
  </StrictMode>,
);

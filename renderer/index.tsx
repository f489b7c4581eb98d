// Mounts the window: hands the nonce of this start to the one library that makes style elements,
// opens the session with the engine, renders.
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './api.ts';
import { App } from './app.tsx';
import { openSession } from './state/projection.ts';
import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
if (nonce !== undefined) setNonce(nonce);
const root = document.getElementById('root');
if (root === null) throw new Error('must hold: the page has its root element');
createRoot(root).render(
  <StrictMode>
    <App session={openSession(connect())} />
  </StrictMode>,
);

// Mounts the window.
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from './api.ts';
import { App } from './app.tsx';
import './style.css';

const root = document.getElementById('root');
if (root === null) throw new Error('must hold: the page has its root element');
createRoot(root).render(
  <StrictMode>
    <App api={connect()} />
  </StrictMode>,
);

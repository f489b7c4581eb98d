// Which view; nothing else.
import { useEffect, useState } from 'react';
import type { About } from '../shared/api.ts';
import type { Api } from './api.ts';
import { EngineNotice } from './engine-notice.tsx';

export function App({ api }: { readonly api: Api }) {
  const [about, setAbout] = useState<About | null>(null);
  useEffect(() => {
    const ask = () => {
      api.call('about', {}).then(setAbout, () => setAbout(null));
    };
    ask();
    return api.listen((frame) => {
      if (frame.event === 'engine') ask();
    });
  }, [api]);
  return (
    <main>
      <h1>Eddy</h1>
      <EngineNotice api={api} />
      <p data-testid="about">
        {about === null
          ? 'Connecting to the engine'
          : [
              `Eddy ${about.version}`,
              about.runtime,
              `crypto ${about.cryptoEngine}`,
              `SQLite ${about.sqlite}`,
              about.cipher,
            ].join(', ')}
      </p>
    </main>
  );
}

// What runs here, as the engine says of itself, and what it can do so far.
import type { About } from '../../shared/api.ts';
import { useSpeech } from '../strings/speech.tsx';
import { AboutLine } from './about-line.tsx';

export function AboutSection({ about }: { readonly about: About | null }) {
  const { text } = useSpeech();
  return (
    <>
      <h1 className="settings-title" tabIndex={-1}>
        {text('about.title')}
      </h1>
      <p className="settings-lead">{text('about.detail')}</p>
      {about === null ? (
        <AboutLine about={null} />
      ) : (
        <dl className="facts" data-testid="about">
          <Fact name={text('about.version')} value={about.version} />
          <Fact name={text('about.runtime')} value={about.runtime} />
          <Fact name={text('about.crypto')} value={about.cryptoEngine} />
          <Fact name={text('about.sqlite')} value={about.sqlite} />
          <Fact name={text('about.cipher')} value={about.cipher} />
        </dl>
      )}
      <h2 className="settings-heading">{text('about.today')}</h2>
      <p className="setting-detail">{text('about.today.detail')}</p>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="left-to-right">{value}</dd>
    </div>
  );
}

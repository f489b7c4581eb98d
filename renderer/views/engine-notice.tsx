// Above the list: what is wrong between this window and its engine, and what to do about it. One
// live region that is always there, so that a change is announced; empty while all is well.
import type { EngineState } from '../../shared/api.ts';
import type { Connection } from '../api.ts';
import { LOADING_DELAY_MS, SAID_MS_MIN, useDelayed, useStaying } from '../state/use-delayed.ts';
import type { Key } from '../strings/catalogue.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import './engine-notice.css';

export type EngineNoticeProps = {
  readonly connection: Connection;
  readonly engine: EngineState | null;
};

type NoticeKey = Extract<Key, `engine.${string}` | 'loading.engine'>;

/** What to say; null while all is well. */
export function troubleOf({ connection, engine }: EngineNoticeProps): NoticeKey | null {
  if (connection === 'lost') return 'engine.lost';
  if (connection === 'connecting') return 'engine.connecting';
  if (engine === null || engine.state === 'starting') return 'loading.engine';
  if (engine.state === 'restarting') return 'engine.restarting';
  if (engine.state === 'running') return null;
  return `engine.failed.${engine.reason ?? 'internal'}`;
}

function kindOf(key: NoticeKey): 'neutral' | 'caution' | 'danger' {
  if (key === 'engine.connecting' || key === 'loading.engine') return 'neutral';
  return key === 'engine.lost' || key === 'engine.restarting' ? 'caution' : 'danger';
}

export function EngineNotice(props: EngineNoticeProps) {
  const { text } = useSpeech();
  const trouble = troubleOf(props);
  const kind = trouble === null ? null : kindOf(trouble);
  const loading = useDelayed(kind === 'neutral', LOADING_DELAY_MS);
  const passing = useStaying(kind === 'caution' ? trouble : null, SAID_MS_MIN);
  const said = kind === 'danger' || loading ? trouble : passing;
  return (
    <div className="engine-notice" role="status" data-testid="engine-notice">
      {said === null ? null : (
        <Notice
          kind={kindOf(said)}
          icon={kindOf(said) === 'danger' ? undefined : <Mark size={18} active />}
          words={text(said)}
        />
      )}
    </div>
  );
}

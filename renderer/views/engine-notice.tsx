// Above the list: what is wrong between this window and its engine, and what to do about it. One
// live region that is always there, so that a change is announced; empty while all is well.
import type { EngineState } from '../../shared/api.ts';
import type { Connection } from '../api.ts';
import { LOADING_DELAY_MS, LOST_DELAY_MS, useDelayed } from '../state/use-delayed.ts';
import type { Key } from '../strings/catalogue.ts';
import { useSpeech } from '../strings/speech.tsx';
import { Mark } from '../ui/mark.tsx';
import { Notice } from '../ui/notice.tsx';
import './engine-notice.css';

export type EngineNoticeProps = {
  readonly connection: Connection;
  readonly engine: EngineState | null;
};

/** What to say; null while all is well. */
type Trouble = { readonly kind: 'caution' | 'danger' | 'neutral'; readonly key: NoticeKey };
type NoticeKey = Extract<Key, `engine.${string}` | 'loading.engine'>;

export function troubleOf(props: EngineNoticeProps): Trouble | null {
  if (props.connection === 'lost') return { kind: 'caution', key: 'engine.lost' };
  if (props.connection === 'connecting') return { kind: 'neutral', key: 'engine.connecting' };
  const engine = props.engine;
  if (engine === null || engine.state === 'starting') {
    return { kind: 'neutral', key: 'loading.engine' };
  }
  if (engine.state === 'restarting') return { kind: 'caution', key: 'engine.restarting' };
  if (engine.state === 'running') return null;
  return { kind: 'danger', key: `engine.failed.${engine.reason ?? 'internal'}` };
}

export function EngineNotice(props: EngineNoticeProps) {
  const { text } = useSpeech();
  const trouble = troubleOf(props);
  const lost = useDelayed(trouble?.key === 'engine.lost', LOST_DELAY_MS);
  const loading = useDelayed(trouble?.kind === 'neutral', LOADING_DELAY_MS);
  const held =
    (trouble?.key === 'engine.lost' && !lost) || (trouble?.kind === 'neutral' && !loading);
  const failed = trouble?.kind === 'danger';
  return (
    <div className="engine-notice" role="status" data-testid="engine-notice">
      {trouble === null || held ? null : (
        <Notice
          kind={trouble.kind}
          icon={failed ? undefined : <Mark size={18} active />}
          words={text(trouble.key)}
        />
      )}
    </div>
  );
}

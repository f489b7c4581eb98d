// The window of a profile that its user has not made yet: the welcome, fed by the engine.
import { useState } from 'react';
import { PictureEditor } from '../contact/picture-editor.tsx';
import { useApi, useKnown } from '../state/session.tsx';
import { failureKey, useAct } from '../state/use-act.ts';
import { plain, useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { Notice } from '../ui/notice.tsx';
import { EngineNotice } from './engine-notice.tsx';
import { JoinNetwork } from './join-network.tsx';
import { Welcome } from './welcome.tsx';
import { progressOf } from './welcome-progress.ts';

export function FirstStart() {
  const speech = useSpeech();
  const { text } = speech;
  const api = useApi();
  const act = useAct();
  const demo = useKnown((known) => known.demo);
  const profile = useKnown((known) => known.profile);
  const network = useKnown((known) => known.network);
  const [name, setName] = useState('');
  const [avatar, setAvatar] = useState<string | null>(null);
  const [isPicturing, setPicturing] = useState(false);
  const [isJoining, setJoining] = useState(false);
  const progress = progressOf(speech, { demo, profile, network });
  const hasNetwork = profile?.network != null;
  const connection = useKnown((known) => known.connection);
  const engine = useKnown((known) => known.engine);
  return (
    <Welcome
      notice={<EngineNotice connection={connection} engine={engine} />}
      name={name}
      progress={
        demo?.state === 'failed' && !hasNetwork
          ? { ...progress, words: <Notice kind="danger" words={text('welcome.failed')} /> }
          : progress
      }
      busy={act.isBusy}
      error={act.failure === null ? undefined : plain(text(failureKey(act.failure)))}
      onName={(next) => {
        act.forget();
        setName(next);
      }}
      onContinue={() => act.run(() => api.call('profile.create', { name: name.trim(), avatar }))}
      onJoin={hasNetwork || isJoining ? undefined : () => setJoining(true)}
      instead={
        isJoining ? (
          <JoinNetwork onJoined={() => setJoining(false)} onBack={() => setJoining(false)} />
        ) : undefined
      }
    >
      {isPicturing ? (
        <PictureEditor name={name} pair={0} picture={avatar} onPicture={setAvatar} />
      ) : (
        <span className="welcome-picture">
          <Button kind="text" onPress={() => setPicturing(true)}>
            {text('welcome.picture')}
          </Button>
        </span>
      )}
    </Welcome>
  );
}

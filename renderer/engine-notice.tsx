// Says when the engine cannot be reached, and why: the connection is lost, or the engine stopped,
// is starting again, or could not start. Nothing while all is well.
import { useEffect, useState } from 'react';
import type { EngineState } from '../shared/api.ts';
import type { Api, Connection } from './api.ts';

export function EngineNotice({ api }: { readonly api: Api }) {
  const [engine, setEngine] = useState<EngineState | null>(null);
  const [connection, setConnection] = useState<Connection>(api.connection());
  useEffect(() => {
    const unlisten = api.listen((frame) => {
      if (frame.event === 'engine') setEngine(frame.value as EngineState);
    });
    const unwatch = api.onConnection(setConnection);
    return () => {
      unlisten();
      unwatch();
    };
  }, [api]);
  const words = connection === 'lost' ? lost : wordsOf(engine);
  return (
    <p role="status" data-testid="engine-notice" hidden={words === null}>
      {words}
    </p>
  );
}

const lost = 'The connection to Eddy is lost. Trying again.';
const failures: Record<NonNullable<EngineState['reason']>, string> = {
  stopped: 'The engine stopped too often. Start Eddy again.',
  profile_in_use:
    'Another Eddy has this profile open. Use that one, or close it and start Eddy again.',
  store_newer:
    'This profile was written by a newer Eddy. Install that version; nothing was changed.',
  store_damaged: 'The profile is damaged. Its file was kept as it is.',
  store_key: 'The key of this profile does not open it. Its file was kept as it is.',
  store_access: 'The profile cannot be read and written. Check who owns its folder.',
  store_full: 'The disk is full. Free some space and start Eddy again.',
  store_migration:
    'The profile could not be brought to this version. Use the one before; nothing was changed.',
  internal: 'The engine could not start.',
};

function wordsOf(engine: EngineState | null): string | null {
  if (engine?.state === 'restarting') return 'The engine stopped and is starting again.';
  if (engine?.state === 'failed') return failures[engine.reason ?? 'internal'];
  return null;
}

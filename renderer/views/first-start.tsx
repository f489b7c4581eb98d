// The window of a profile that its user has not made yet: the welcome, fed by the engine.
import { useState } from 'react';
import { useApi } from '../state/session.tsx';
import { Welcome } from './welcome.tsx';

export function FirstStart() {
  const api = useApi();
  const [name, setName] = useState('');
  return (
    <Welcome
      name={name}
      progress={{ columns: [], steps: [], share: 0, secondsLeft: null }}
      onName={setName}
      onContinue={() => {
        api.call('profile.create', { name: name.trim(), avatar: null }).catch(() => {});
      }}
      onJoin={() => {}}
    />
  );
}

// What lies on the disk of this computer.
import { useSpeech } from '../strings/speech.tsx';

export function StorageSection() {
  const { text } = useSpeech();
  return (
    <h1 className="settings-title" tabIndex={-1}>
      {text('settings.storage')}
    </h1>
  );
}

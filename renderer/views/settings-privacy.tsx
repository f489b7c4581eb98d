// What others learn, and what guards the profile on this computer.
import { useSpeech } from '../strings/speech.tsx';

export function PrivacySection() {
  const { text } = useSpeech();
  return (
    <h1 className="settings-title" tabIndex={-1}>
      {text('settings.privacy')}
    </h1>
  );
}

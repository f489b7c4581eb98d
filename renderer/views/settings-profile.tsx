// The user's own name and picture, as contacts see them.
import { useSpeech } from '../strings/speech.tsx';

export function ProfileSection() {
  const { text } = useSpeech();
  return (
    <h1 className="settings-title" tabIndex={-1}>
      {text('settings.profile')}
    </h1>
  );
}

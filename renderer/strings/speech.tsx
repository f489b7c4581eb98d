// The language that components speak, by context, and the one piece of markup that a message may
// hold: `**strong**`.
import { createContext, type ReactNode, useContext } from 'react';
import { type Speech, speak } from './language.ts';

const SpeechContext = createContext<Speech>(speak('en'));

export function SpeechProvider(props: { readonly speech: Speech; readonly children: ReactNode }) {
  return <SpeechContext value={props.speech}>{props.children}</SpeechContext>;
}

export function useSpeech(): Speech {
  return useContext(SpeechContext);
}

/** A message whose strong parts stand between double asterisks. */
export function Strong({ text }: { readonly text: string }) {
  let offset = 0;
  return text.split('**').map((part, index) => {
    const key = offset;
    offset += part.length + 2;
    return index % 2 === 1 ? <b key={key}>{part}</b> : part;
  });
}

/** A message without the marks of its strong parts, for a place that has none. */
export function plain(text: string): string {
  return text.replaceAll('**', '');
}

// What stands between messages: the day, where reading stopped, a known gap, the words under the
// last own message.
import { useSpeech } from '../strings/speech.tsx';
import { Button } from '../ui/button.tsx';
import { DeliveryGlyph } from '../ui/delivery-glyph.tsx';
import {
  actionOf,
  type Delivery,
  type DeliveryAction,
  deliveryWords,
  isAnnounced,
} from './delivery.ts';
import './marks.css';

/** `words` as `formats` writes a day: "Today", "3 November". */
export function DayDivider({ words }: { readonly words: string }) {
  return <h2 className="day">{words}</h2>;
}

export function UnreadDivider({ count }: { readonly count: number }) {
  const { text } = useSpeech();
  return <p className="unread-divider">{text('message.unread', { count })}</p>;
}

/** A known gap, at its place in time. */
export function GapNotice({ count }: { readonly count: number }) {
  const { text } = useSpeech();
  return (
    <p className="gap">
      <DeliveryGlyph state="in_the_mix" />
      {text('message.gap', { count })}
    </p>
  );
}

export type StateLineProps = {
  readonly delivery: Delivery;
  /** Whose provider it is. */
  readonly name: string;
  /** False under an older message, whose change is not announced. */
  readonly announces?: boolean;
  readonly onAction: (action: DeliveryAction) => void;
};

/** The words of the last own message, and what can be done. */
export function StateLine({ delivery, name, announces = true, onAction }: StateLineProps) {
  const speech = useSpeech();
  const action = actionOf(delivery);
  const words = deliveryWords(speech, delivery, name);
  const isSaid = announces && isAnnounced(delivery.state);
  return (
    <div className="state-line">
      <span aria-hidden={isSaid || undefined}>{words}</span>
      {announces ? (
        <span className="visually-hidden" role="status">
          {isSaid ? words : ''}
        </span>
      ) : null}
      {action === null ? null : (
        <Button kind="text" onPress={() => onAction(action)}>
          {speech.text(action === 'cancel' ? 'delivery.cancel' : 'delivery.again')}
        </Button>
      )}
    </div>
  );
}

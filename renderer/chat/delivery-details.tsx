// All that is known of a message's way, under it: times by both clocks, tries, packets.
import { X } from 'lucide-react';
import type { ChatMessage } from '../../shared/api-chat.ts';
import { useSpeech } from '../strings/speech.tsx';
import { DeliveryGlyph } from '../ui/delivery-glyph.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { type Delivery, deliveryWords } from './delivery.ts';
import './delivery-details.css';

export type DeliveryDetailsProps = {
  readonly message: ChatMessage;
  /** Null of a message that came in. */
  readonly delivery: Delivery | null;
  readonly name: string;
  readonly onClose: () => void;
};

export function DeliveryDetails({ message, delivery, name, onClose }: DeliveryDetailsProps) {
  const speech = useSpeech();
  const { text, formats } = speech;
  const known = message.delivery;
  return (
    <section className="details" aria-label={text('message.details')}>
      <header className="details-head">
        {delivery === null ? null : <DeliveryGlyph state={delivery.state} size={24} />}
        <p className="details-words">
          {delivery === null
            ? text('details.received', { name })
            : deliveryWords(speech, delivery, name)}
        </p>
        <IconButton
          words={text('message.details.hide')}
          icon={<Icon of={X} small />}
          onPress={onClose}
        />
      </header>
      <dl className="details-facts">
        <Fact
          name={text(message.isOwn ? 'details.written' : 'details.sent')}
          value={formats.moment(message.sentUnixMs)}
        />
        {message.arrivedUnixMs === null ? null : (
          <Fact name={text('details.arrived')} value={formats.moment(message.arrivedUnixMs)} />
        )}
        {known === null ? null : (
          <>
            <Fact name={text('details.since')} value={formats.moment(known.atUnixMs)} />
            <Fact
              name={text('details.packets')}
              value={text('details.packets.of', {
                confirmed: known.packets.confirmed,
                all: known.packets.all,
              })}
            />
            <Fact name={text('details.tries')} value={formats.number(known.tryCount)} />
          </>
        )}
      </dl>
    </section>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="details-fact">
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

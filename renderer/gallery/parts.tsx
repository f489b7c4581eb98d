// The page of parts: delivery states, colours, type, controls, states of the network, notices.
import { Button } from '../ui/button.tsx';
import { Count } from '../ui/count.tsx';
import { DeliveryGlyph, type DeliveryState } from '../ui/delivery-glyph.tsx';
import { Mark } from '../ui/mark.tsx';
import { NetworkIcon, type NetworkState } from '../ui/network-icon.tsx';
import { Notice } from '../ui/notice.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';

const deliveries: readonly [DeliveryState, string, string][] = [
  ['queued', 'Queued', 'on this computer, leaves in about 2 s'],
  ['in_the_mix', 'In the mix', 'left this computer 14:14'],
  ['at_provider', 'At their provider', 'stored for Mara 14:14'],
  ['delivered', 'Delivered', 'her Eddy has it, 14:16'],
  ['read', 'Read', 'she let you know, 14:20'],
  ['waiting', 'Waiting for the network', 'goes out by itself'],
  ['retrying', 'Trying again', '2nd try, on another path'],
  ['not_confirmed', 'Not confirmed', 'may have arrived'],
  ['expired', 'Expired', 'no receipt came'],
  ['failed', 'Not sent', 'too large for this network'],
];

const networks: readonly [NetworkState, string, string][] = [
  ['good', 'Network good', '3 to 7 s'],
  ['slow', 'Network slow', '10 to 40 s'],
  ['degraded', 'Losing packets', 'sent again'],
  ['offline', 'Offline', 'messages wait here'],
  ['clock_wrong', 'Clock is wrong', 'by 4 minutes'],
  ['measuring', 'Measuring', '8 of 20 loops'],
  ['failing', 'Not delivering', 'messages are held'],
  ['directory_stale', 'Network list too old', 'since Tuesday'],
  ['connecting', 'Connecting', 'since 6 s'],
  ['none', 'No network yet', 'nothing is sent'],
];

const colours =
  'canvas side surface raised sunken selected line line-strong ink-3 ink-2 ink accent ' +
  'accent-tint own other band caution caution-tint danger danger-tint';

const people = ['Mara Lindqvist', 'Tomás Rivera', 'Amina Haddad', 'Jonas Weber', 'Priya Okonkwo'];

export function Parts() {
  return (
    <main className="gallery">
      <h1 className="gallery-title">
        <Mark size={28} /> Parts
      </h1>
      <div className="gallery-columns">
        <div>
          <h2>Delivery states</h2>
          <ul>
            {deliveries.map(([state, name, detail]) => (
              <li key={state} className="gallery-state">
                <DeliveryGlyph state={state} size={24} />
                <DeliveryGlyph state={state} size={16} />
                <span className="gallery-name">{name}</span>
                <span className="gallery-detail">{detail}</span>
              </li>
            ))}
          </ul>
          <h2>Colour</h2>
          <ul className="gallery-colours">
            {colours.split(' ').map((name) => (
              <li key={name}>
                <span className="swatch" style={{ background: `var(--${name})` }} />
                {name}
              </li>
            ))}
          </ul>
        </div>
        <div>
          <h2>Type</h2>
          <p className="type-display">34/42 Private, down to the traffic.</p>
          <p className="type-page">22/28 Messages arrive</p>
          <p className="type-section">18/24 Safety number</p>
          <p className="type-message">15/22 Message text: One more season if we’re gentle.</p>
          <p className="type-interface">14/20 Interface text</p>
          <p className="type-preview">13/18 Previews and explanations</p>
          <p className="type-note">12/16 Times, notes: Sent 14:02, arrived 14:09</p>
          <p className="type-safety">04817 52390 11846</p>
          <h2>Controls</h2>
          <ControlRow />
          <h2>State of the network</h2>
          <ul className="gallery-networks">
            {networks.map(([state, name, detail]) => (
              <li key={state}>
                <NetworkIcon state={state} />
                <span className="gallery-name">{name}</span>
                <span className="gallery-detail">{detail}</span>
              </li>
            ))}
          </ul>
          <h2>Notices</h2>
          <div className="gallery-notices">
            <Notice
              kind="open"
              icon={<DeliveryGlyph state="in_the_mix" />}
              words="One message is still on the way. It will appear here."
            />
            <Notice
              kind="caution"
              words="**Messages take longer now, 10 to 40 seconds.** Quay answers slowly."
            />
          </div>
          <p className="visually-hidden">{people.join(', ')}</p>
        </div>
      </div>
    </main>
  );
}

function ControlRow() {
  return (
    <>
      <div className="gallery-row">
        <Button kind="filled">Send again</Button>
        <Button>Change</Button>
        <Button disabledReason="There is nothing to send">Disabled</Button>
        <Button kind="destructive">Block</Button>
        <Button kind="text">Cancel</Button>
      </div>
      <div className="gallery-row">
        <span id="off" className="visually-hidden">
          Off
        </span>
        <span id="on" className="visually-hidden">
          On
        </span>
        <Switch on={false} labelledBy="off" onChange={() => {}} />
        <Switch on labelledBy="on" onChange={() => {}} />
        <Segmented
          label="Shown as"
          value="chart"
          choices={[
            { value: 'chart', words: 'Chart' },
            { value: 'table', words: 'Table' },
          ]}
          onChange={() => {}}
        />
        <Count count={3} words="3 unread" />
        <Count count={12} words="12 unread, muted" muted />
        <Select
          label="Disappear after"
          value="4"
          choices={[{ value: '4', words: '4 weeks' }]}
          onChange={() => {}}
        />
      </div>
    </>
  );
}

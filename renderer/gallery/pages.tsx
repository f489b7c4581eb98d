// The first start, a contact and the network's health, put together from the parts with the sample
// data of the design's pictures.
import { Copy, ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { QrCode } from '../contact/qr-code.tsx';
import { SafetyNumber, safetyGroups } from '../contact/safety-number.tsx';
import { Fact, Facts, Panel } from '../network/facts.tsx';
import { IntervalBar } from '../network/interval-bar.tsx';
import { NetworkPicture } from '../network/network-picture.tsx';
import { Shares } from '../network/shares.tsx';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { Chip } from '../ui/chip.tsx';
import { Icon } from '../ui/icon.tsx';
import { Mark } from '../ui/mark.tsx';
import { Select } from '../ui/select.tsx';
import { SettingRow } from '../ui/setting-row.tsx';
import { Switch } from '../ui/switch.tsx';
import { Table } from '../ui/table.tsx';
import { Welcome } from '../views/welcome.tsx';
import { health, nodeRows, patternOfModules, starting, steps } from './pages-data.ts';

export function WelcomeSample() {
  const [name, setName] = useState('Lena');
  return (
    <Welcome
      name={name}
      onName={setName}
      onContinue={() => {}}
      onJoin={() => {}}
      onRestore={() => {}}
      progress={{
        title: 'Starting a small network on this computer',
        detail:
          'So that you can try everything at once. It is real, only small: you and Echo, who ' +
          'answers you.',
        columns: starting,
        steps,
        share: 0.58,
        words: 'You can go on meanwhile.',
      }}
    />
  );
}

const digits = '048175239011846739256027839514880622571347609913580642784153';

export function ContactSample() {
  return (
    <main className="gallery">
      <div className="gallery-who">
        <Avatar name="Tomás Rivera" pair={1} size={72} />
        <div>
          <h1 className="type-page">Tomás Rivera</h1>
          <p>Known since 12 October 2026, by your invite. His provider is Ferry, on Tideway.</p>
        </div>
      </div>
      <section className="panel" aria-labelledby="safety">
        <div className="gallery-safety">
          <div className="gallery-stack">
            <h2 className="type-section" id="safety">
              Safety number <Chip kind="caution" words="not verified yet" />
            </h2>
            <p className="gallery-explained">
              Tomás sees the same twelve groups. If they match, nobody sits between you. Compare
              them when you meet, or in a call where you know his voice.
            </p>
            <SafetyNumber label="Safety number" groups={safetyGroups(digits) ?? []} />
          </div>
          <QrCode label="Safety number as a QR code" modules={patternOfModules()} sizeMax={176} />
        </div>
        <div className="gallery-row">
          <Button kind="filled" icon={<Icon of={ShieldCheck} small />}>
            They match
          </Button>
          <Button>They differ</Button>
          <Button kind="text" icon={<Icon of={Copy} small />}>
            Copy number
          </Button>
        </div>
      </section>
      <ContactSettings />
    </main>
  );
}

function ContactSettings() {
  const [tells, setTells] = useState(true);
  return (
    <section aria-label="Settings of this contact">
      <SettingRow
        name="Messages disappear"
        detail="Counted from when they are delivered"
        control={() => (
          <Select
            label="Messages disappear"
            value="4"
            choices={[{ value: '4', words: '4 weeks' }]}
            onChange={() => {}}
          />
        )}
      />
      <SettingRow
        name="Tell him when I have read"
        detail="You see the same of him only if he does too"
        control={({ nameId, detailId }) => (
          <Switch on={tells} labelledBy={nameId} describedBy={detailId} onChange={setTells} />
        )}
      />
      <SettingRow
        name="Block"
        detail="He is not told; his messages are dropped here"
        control={() => <Button kind="destructive">Block</Button>}
      />
    </section>
  );
}

export function HealthSample() {
  const [view, setView] = useState<'picture' | 'table'>('picture');
  return (
    <main className="gallery">
      <div className="gallery-who">
        <span className="mark-tile">
          <Mark size={24} />
        </span>
        <div>
          <h1 className="type-page">Messages arrive, most within 7 seconds.</h1>
          <p>Grebe in layer 2 loses about one packet in eleven. Nothing for you to do.</p>
        </div>
      </div>
      <HealthFacts />
      <div className="gallery-panels">
        <Panel
          title="The network"
          note="from 788 loops, last hour; the line is a loop on its way"
          view={{
            label: 'The network as',
            value: view,
            choices: [
              { value: 'picture', words: 'Picture' },
              { value: 'table', words: 'Table' },
            ],
            onChange: setView,
          }}
        >
          <NetworkPicture
            label="Nine mixes in three layers, Grebe suspected, Rail not known yet"
            columns={health}
            flight={{ path: ['quay', 'plover', 'teal', 'wigeon', 'quay'], hopsDone: 2.5 }}
          />
        </Panel>
        <Panel title="What leaves this computer">
          <Shares
            shares={[
              { id: 'messages', words: 'Messages', count: 6 },
              { id: 'acknowledgements', words: 'Acknowledgements', count: 9 },
              { id: 'loops', words: 'Loops', count: 225 },
              { id: 'drop', words: 'Drop packets', count: 1_098 },
            ]}
          />
          <p className="gallery-detail">1,338 in 15 minutes, all alike from outside.</p>
        </Panel>
      </div>
      <Nodes />
    </main>
  );
}

function Nodes() {
  return (
    <Panel title="Nodes" note="estimates from 788 loops, last hour">
      <Table
        caption="Estimates for every node"
        columns={[
          { id: 'node', words: 'Node' },
          { id: 'layer', words: 'Layer' },
          { id: 'loops', words: 'Loops', numeric: true },
          { id: 'back', words: 'Back', numeric: true },
          { id: 'estimate', words: 'Estimate', numeric: true },
          { id: 'between', words: 'Between', numeric: true },
        ]}
        rows={nodeRows}
      />
    </Panel>
  );
}

function HealthFacts() {
  return (
    <Facts>
      <Fact
        label="A message takes"
        value="3 to 7 seconds"
        lines={['Median 4.4 s, 95 of 100 within 7.2 s.', 'One waits here, leaves in about 2 s.']}
      />
      <Fact
        label="Loops that came back, last 15 minutes"
        value="213 of 221"
        graphic={<IntervalBar low={0.93} estimate={0.964} high={0.982} from={0.85} />}
        lines={['96.4 %, likely between 93.0 and 98.2.', 'Not counted: 4, at a change of keys.']}
      />
      <Fact
        label="Mail fetched"
        value="1 second ago"
        lines={['From Quay, every 2 seconds, whether', 'there is mail or not.']}
      />
    </Facts>
  );
}

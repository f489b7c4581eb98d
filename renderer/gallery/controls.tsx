// Controls in the states that a still picture can show: rest, disabled, busy, error, read-only,
// menu.
import { Eye, Pin, Search, Send, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Avatar } from '../ui/avatar.tsx';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Icon } from '../ui/icon.tsx';
import { IconButton } from '../ui/icon-button.tsx';
import { Mark } from '../ui/mark.tsx';
import { Menu } from '../ui/menu.tsx';
import { Notice } from '../ui/notice.tsx';
import { SearchField } from '../ui/search-field.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';

const people: readonly [string, boolean][] = [
  ['Jonas Weber', false],
  ['Tomás Rivera', false],
  ['Priya Okonkwo', false],
  ['Sunday walk', true],
  ['Amina Haddad', false],
  ['Mara Lindqvist', false],
  ['Allotment 14', true],
];

export function Controls() {
  return (
    <main className="gallery">
      <h1 className="gallery-title">
        <Mark size={28} active /> Controls
      </h1>
      <div className="gallery-columns">
        <Fields />
        <div className="gallery-stack">
          <Buttons />
          <Choices />
        </div>
      </div>
    </main>
  );
}

function Fields() {
  const [query, setQuery] = useState('');
  const [name, setName] = useState('Lena');
  return (
    <div className="gallery-stack">
      <h2>Fields</h2>
      <SearchField
        label="Search"
        value={query}
        onChange={setQuery}
        clearWords="Clear the search"
        shortcut="Ctrl K"
      />
      <SearchField label="Search" value="Tomás" onChange={setQuery} clearWords="Clear" />
      <TextField
        label="What should people call you?"
        value={name}
        onChange={setName}
        hint="Only people you write to see this name. You can change it later."
      />
      <TextField label="Empty" value="" placeholder="Nothing yet" onChange={setName} />
      <TextField
        label="Invite"
        value="eddy:c/1tdwy5f8s0v2kq7m3x9c4z6rn1h8jp5g2ua7el0wt4yd9k3"
        code
        onChange={setName}
        error="This invite is cut off. Nothing was sent. Ask for the whole link once more."
      />
      <TextField
        label="Read only"
        value="eddy:c/1tdwy8k0qz5m4rc2n7h3vx6s9"
        code
        readOnly
        onChange={setName}
      />
      <h2>People</h2>
      <div className="gallery-row">
        {people.map(([person, group], pair) => (
          <Avatar key={person} name={person} pair={pair} group={group} />
        ))}
        <Avatar name="Tomás Rivera" pair={1} size={72} />
      </div>
    </div>
  );
}

function Buttons() {
  return (
    <>
      <h2>Buttons</h2>
      <div className="gallery-row">
        <Button kind="filled" large>
          Continue
        </Button>
        <Button kind="filled" icon={<Icon of={Send} />} busy>
          Sending
        </Button>
        <Button kind="filled" busy>
          Unlock
        </Button>
        <Button busy>Change</Button>
        <Button kind="filled" disabledReason="Nothing is written yet">
          Send
        </Button>
        <Button kind="destructive" icon={<Icon of={Trash2} />}>
          Delete
        </Button>
      </div>
      <div className="gallery-row">
        <IconButton words="Search" icon={<Icon of={Search} />} onPress={() => {}} />
        <IconButton words="Show" icon={<Icon of={Eye} />} pressed onPress={() => {}} />
        <Menu
          words="More"
          icon={<Icon of={Pin} />}
          items={[
            { id: 'pin', words: 'Pin', icon: <Icon of={Pin} small /> },
            { id: 'mute', words: 'Mute', disabled: true },
            { id: 'delete', words: 'Delete', icon: <Icon of={Trash2} small />, destructive: true },
          ]}
          onChoose={() => {}}
        />
      </div>
    </>
  );
}

function Choices() {
  const [choice, setChoice] = useState<'name' | 'all' | 'none'>('name');
  const [on, setOn] = useState(true);
  return (
    <>
      <h2>Choices</h2>
      <div className="gallery-row">
        <Segmented
          label="Notifications say"
          value={choice}
          choices={[
            { value: 'all', words: 'Name and text' },
            { value: 'name', words: 'Name' },
            { value: 'none', words: 'Nothing' },
          ]}
          onChange={setChoice}
        />
        <Segmented
          label="Disabled"
          value="a"
          disabled
          choices={[
            { value: 'a', words: 'One' },
            { value: 'b', words: 'Two' },
          ]}
          onChange={() => {}}
        />
      </div>
      <div className="gallery-row">
        <span id="switch-name">Hide the window from screenshots</span>
        <Switch on={on} labelledBy="switch-name" onChange={setOn} />
        <span id="switch-disabled">Not here</span>
        <Switch on={false} disabled labelledBy="switch-disabled" onChange={setOn} />
        <Select
          label="Disabled select"
          value="x"
          disabled
          choices={[{ value: 'x', words: 'As everywhere' }]}
          onChange={() => {}}
        />
      </div>
      <h2>Notices</h2>
      <Notice
        kind="neutral"
        words="**There is no switch for less cover.** A rate of your own would single you out."
      />
      <Notice kind="danger" words="**This invite is cut off.** 54 of 103 characters are here." />
      <Notice
        kind="caution"
        words="**The safety number of Tomás has changed.** Compare it again when you meet."
        action={<Button>Compare</Button>}
      />
    </>
  );
}

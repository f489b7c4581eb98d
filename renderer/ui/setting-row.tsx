// A setting: its name, what it does, and its control at the end. The control takes the name and the
// explanation by their ids.
import { type ReactNode, useId } from 'react';
import './setting-row.css';

export type SettingIds = { readonly nameId: string; readonly detailId: string };

export type SettingRowProps = {
  readonly name: string;
  readonly detail: string;
  readonly control: (ids: SettingIds) => ReactNode;
};

export function SettingRow(props: SettingRowProps) {
  const id = useId();
  const ids = { nameId: `${id}-name`, detailId: `${id}-detail` };
  return (
    <div className="setting">
      <div className="setting-words">
        <p className="setting-name" id={ids.nameId}>
          {props.name}
        </p>
        <p className="setting-detail" id={ids.detailId}>
          {props.detail}
        </p>
      </div>
      {props.control(ids)}
    </div>
  );
}

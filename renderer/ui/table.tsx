// A table of numbers: the twin of a chart or picture.
import type { ReactNode } from 'react';
import './table.css';

export type TableColumn = {
  readonly id: string;
  readonly words: string;
  readonly numeric?: boolean;
};
export type TableRow = { readonly id: string; readonly cells: readonly ReactNode[] };

export type TableProps = {
  /** What it is a table of. */
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
};

export function Table(props: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways is reached by keys
    <section className="table-frame" aria-label={props.caption} tabIndex={0}>
      <table className="table">
        <caption className="visually-hidden">{props.caption}</caption>
        <thead>
          <tr>
            {props.columns.map((column) => (
              <th key={column.id} scope="col" className={column.numeric === true ? 'numeric' : ''}>
                {column.words}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((row) => (
            <tr key={row.id}>
              {props.columns.map((column, index) => (
                <td key={column.id} className={column.numeric === true ? 'numeric' : ''}>
                  {row.cells[index]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

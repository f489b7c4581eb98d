// The commented configuration that `init` writes. It is read back by the parser that reads all
// others, so it cannot say what the program does not take.
import type { NodeRole } from './config.ts';

export type TemplateValues = {
  readonly role: NodeRole;
  readonly dataDir: string;
  readonly network: string;
  readonly traffic: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly addresses: readonly string[];
  readonly operator: string;
  readonly statusPort: number | null;
  readonly logLevel: string;
  /** Of an authority; base64url keys. */
  readonly allow?: readonly { readonly key: string; readonly operator: string }[];
  readonly layers?: number;
};

type Line = readonly [remark: string, name: string, value: unknown];

/** The text of a configuration file. */
export function writeConfig(values: TemplateValues): string {
  const lines: Line[] = [
    ['What this node is.', 'role', values.role],
    [
      'Keys, documents and mail. One process at a time; made readable by its user alone.',
      'dataDir',
      values.dataDir,
    ],
    ['The network file: name, authorities, beginning.', 'network', values.network],
    [
      "The network's traffic: standard or low-bandwidth; demo and test keep to loopback.",
      'traffic',
      values.traffic,
    ],
    ['Where this node listens.', 'listen', values.listen],
    [
      'How others reach it: 1 to 4 of host:port, as they go into its descriptor.',
      'addresses',
      values.addresses,
    ],
    ['Who runs it: no operator has nodes in two layers.', 'operator', values.operator],
    [
      'Health and metrics on 127.0.0.1 at this port (0: any; null: none).',
      'statusPort',
      values.statusPort,
    ],
    [
      'debug, info, warn or error; lines of JSON on stderr, without identities.',
      'logLevel',
      values.logLevel,
    ],
    ...ownLines(values),
  ];
  const fields = lines.map(
    ([remark, name, value]) => `  // ${remark}\n  ${JSON.stringify(name)}: ${indent(value)}`,
  );
  return `{\n${fields.join(',\n')}\n}\n`;
}

const threads: Line = [
  'Threads that unwrap packets beside the one that does all else; 0: that one does it, too.',
  'threads',
  0,
];

function ownLines({ role, allow, layers }: TemplateValues): Line[] {
  switch (role) {
    case 'mix':
      return [threads];
    case 'provider':
      return [
        threads,
        [
          'open: whoever asks gets a mailbox; invite: who has one of the tokens below.',
          'registration',
          'open',
        ],
        ['Invite tokens, 32 bytes in base64url each.', 'invites', []],
        [
          'Days that mail is kept for somebody who does not fetch it, 1 to 365.',
          'retentionDays',
          30,
        ],
      ];
    case 'authority':
      return [
        ['The nodes that may be in the network: identity key and operator.', 'allow', allow ?? []],
        ['Layers of mixes, 1 to 3: a small network may have fewer than 3.', 'layers', layers ?? 3],
      ];
  }
}

function indent(value: unknown): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', '\n  ');
}

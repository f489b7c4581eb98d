// The style rules that a machine can check, as functions from files to findings, so that each can
// also be run against a planted violation.
import { lineFinder, type Source, type TextFile } from './source.ts';

export type Finding = { readonly path: string; readonly line: number; readonly what: string };

export const FILE_LINES_MAX = 400;
export const FUNCTION_LINES_MAX = 60;
export const LINE_LENGTH_MAX = 100;
export const HEADER_LINES_MAX = 10;
/** Letters that a reason or a header must at least have to say something. */
const REASON_LENGTH_MIN = 10;

type Ban = {
  readonly pattern: RegExp;
  /** Where the rule holds. */
  readonly within: RegExp;
  /** The files in it that are this thing's home. */
  readonly homes: readonly RegExp[];
  readonly instead: string;
};

const product = /^(shared|main|renderer)\//;
const timed = /^(shared|main|renderer|test\/(shared|main|sim|stats))\//;
const entries = [/^main\/app\/electron\.ts$/, /^main\/shell\/browser-shell\.ts$/, /^main\/cli\//];

/** Calls that have one home, and what to write elsewhere. */
export const bans: readonly Ban[] = [
  {
    pattern: /\bDate\.now\b|\bnew Date\(\s*\)/g,
    within: timed,
    // The window has one of its own, for the dates that it shows.
    homes: [/^main\/system\.ts$/, /^renderer\/state\/clock\.ts$/],
    instead: 'take `now` as an argument (main/system.ts has the clock)',
  },
  {
    pattern: /\bperformance\s*\.\s*(now|timeOrigin)\b|\bprocess\.hrtime\b/g,
    within: timed,
    homes: [/^main\/system\.ts$/],
    instead: 'take `now` as an argument (main/system.ts has the clock)',
  },
  {
    pattern: /\bset(Timeout|Interval|Immediate)\b/g,
    within: /^(shared|main)\//,
    // Drivers and supervisors: what joins a role or a process to real time.
    homes: [
      /^main\/system\.ts$/,
      /^main\/net\//,
      /^main\/engine\//,
      /^main\/app\//,
      /^main\/shell\//,
      /^main\/cli\//,
    ],
    instead: 'return a wake-up instant (`nextWakeAt`); a driver arms the timer',
  },
  {
    pattern: /\bMath\.random\b/g,
    within: /./,
    homes: [],
    instead: 'take a RandomSource (shared/random.ts)',
  },
  {
    pattern:
      /\bcrypto\.(random\w+|webcrypto)\b|\b(getRandomValues|randomFill(Sync)?|randomUUID)\b/g,
    within: product,
    homes: [/^main\/system\.ts$/],
    instead: 'take a RandomSource, or randomBytes of main/system.ts',
  },
  {
    pattern: /\bconsole\.\w+/g,
    within: /^(shared|main|renderer|scripts)\//,
    homes: [],
    instead: 'take a Log (main/log.ts), or write to stdout or stderr where that is the output',
  },
  {
    pattern: /\bnew BrowserWindow\b/g,
    within: product,
    homes: [/^main\/app\/windows\.ts$/],
    instead: 'createWindows of main/app/windows.ts, which knows the options every window has',
  },
  {
    pattern: /\bipcMain\s*\./g,
    within: product,
    homes: [/^main\/app\/ipc\.ts$/],
    instead: 'the one door (main/app/ipc.ts)',
  },
  {
    pattern: /\bipcRenderer\s*\./g,
    within: product,
    homes: [/^main\/app\/preload\.ts$/],
    instead: 'the preload',
  },
  {
    pattern: /\b(openExternal|openPath)\(/g,
    within: product,
    homes: [/^main\/app\/links\.ts$/],
    instead: 'main/app/links.ts, which checks the address and asks first',
  },
  {
    pattern: /(?<![.\w])require\s*\(|\bcreateRequire\b/g,
    within: /./,
    homes: [/^scripts\/electron-path\.ts$/, /^scripts\/check-builder-config\.mjs$/],
    instead: 'import',
  },
  {
    pattern: /\bprocess\.env\b/g,
    within: product,
    homes: [...entries, /^main\/config\.ts$/],
    instead: 'read it in the entry file and hand it over as an option',
  },
  {
    pattern: /\bprocess\.exit\b/g,
    within: product,
    homes: entries,
    instead: 'throw, or return to the entry file',
  },
  {
    pattern: /(?<![.\w])eval\s*\(|\bnew Function\b/g,
    within: /./,
    homes: [],
    instead: 'plain code; the content security policy refuses it',
  },
  {
    pattern:
      /\b(innerHTML|outerHTML|insertAdjacentHTML|dangerouslySetInnerHTML|document\.write)\b/g,
    within: product,
    homes: [],
    instead: 'React elements; trusted types refuse text as markup',
  },
  {
    pattern: /\b(localStorage|sessionStorage|indexedDB)\b/g,
    within: product,
    homes: [],
    instead: 'a setting of the engine; the window keeps nothing',
  },
  {
    pattern: /(?<![.\w])fetch\s*\(|\bXMLHttpRequest\b|\bnew EventSource\b|\bsendBeacon\b/g,
    within: product,
    homes: [],
    instead: 'the engine links (main/net); nothing else reaches a network',
  },
  {
    pattern: /\bnew WebSocket\s*\(/g,
    within: product,
    homes: [/^renderer\/api\.ts$/],
    instead: 'renderer/api.ts',
  },
  {
    pattern: /\bnew Database\s*\(/g,
    within: product,
    homes: [/^main\/store\/database\.ts$/],
    instead: 'openDatabase of main/store/database.ts, which sets key and pragmas',
  },
  {
    pattern: /\bimport\.meta\.main\b|\bfromBase64\b|\bPromise\.try\b/g,
    within: product,
    homes: [],
    instead: 'what Node 20.18 and Chromium 130 know: this is bundled to run inside Electron',
  },
];

/** Names that may be imported from Node's own crypto in one file alone. */
const randomNames = /^(random|getRandom|webcrypto)/;

export function banFindings(source: Source): Finding[] {
  const lineAt = lineFinder(source.code);
  const found: Finding[] = [];
  for (const ban of bans) {
    if (!ban.within.test(source.path) || ban.homes.some((home) => home.test(source.path))) continue;
    for (const hit of source.code.matchAll(ban.pattern)) {
      const what = `${hit[0].trim()}: write instead: ${ban.instead}`;
      found.push({ path: source.path, line: lineAt(hit.index), what });
    }
  }
  if (!product.test(source.path) || source.path === 'main/system.ts') return found;
  for (const use of source.imports) {
    if (use.specifier !== 'node:crypto') continue;
    for (const name of use.names.filter((one) => randomNames.test(one))) {
      const what = `${name} of node:crypto: write instead: randomBytes of main/system.ts`;
      found.push({ path: source.path, line: use.line, what });
    }
  }
  return found;
}

/** Lengths, the header, barrels and names of a source file. */
export function shapeFindings(source: Source): Finding[] {
  const found: Finding[] = [];
  const say = (line: number, what: string) => found.push({ path: source.path, line, what });
  if (source.lines.length > FILE_LINES_MAX) {
    say(source.lines.length, `has ${source.lines.length} lines, at most ${FILE_LINES_MAX}`);
  }
  for (const { line, ownLines } of source.functions) {
    if (ownLines > FUNCTION_LINES_MAX) {
      say(line, `a function of ${ownLines} lines, at most ${FUNCTION_LINES_MAX}`);
    }
  }
  if (source.isBarrel) say(1, 'is a barrel: import from the file itself');
  return found;
}

/** Titles of tests, which the formatter keeps on their line, and values that nothing can break. */
const isWhole = /^\s*(it|describe)(\.\w+)*\('|[\w+/=-]{64}/;

/** Of any text file that people write by hand. */
export function layoutFindings(file: TextFile): Finding[] {
  const found: Finding[] = [];
  const say = (line: number, what: string) => found.push({ path: file.path, line, what });
  const name = file.path.split('/').at(-1) ?? '';
  if (!/\.(ts|tsx|mjs|css|html)$/.test(name)) return found;
  for (const [index, line] of file.text.split('\n').entries()) {
    if (line.length > LINE_LENGTH_MAX && !isWhole.test(line))
      say(index + 1, `is ${line.length} columns wide`);
  }
  if (
    /^(utils?|helpers?|common|misc|index)\.tsx?$/.test(name) &&
    file.path !== 'renderer/index.tsx'
  ) {
    say(1, 'has a name that says nothing');
  }
  if (!/^[a-z0-9]+([.-][a-z0-9]+)*$/.test(name)) say(1, 'is not named in kebab-case');
  if (!name.endsWith('.html')) {
    const header = headerOf(file.text);
    if (header === null || letters(header) < REASON_LENGTH_MIN) say(1, 'has no header comment');
    else if (header.split('\n').length > HEADER_LINES_MAX) {
      say(1, `has a header of more than ${HEADER_LINES_MAX} lines`);
    }
  }
  return found;
}

/** The comment that a file opens with, or null. */
function headerOf(text: string): string | null {
  const body = text.replace(/^#!.*\n/, '').trimStart();
  const lines = /^(\/\/.*\n)+/.exec(`${body}\n`)?.[0].trimEnd();
  return lines ?? /^\/\*[\s\S]*?\*\//.exec(body)?.[0] ?? null;
}

function letters(text: string): number {
  return text.replace(/[^\p{L}]/gu, '').length;
}

/** Put together from parts, so that this file does not contain what it looks for. */
const unfinished = ['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|');
const machineFolders = ['work', 'root', 'tmp', 'home', 'Users'].join('|');
const texts: readonly {
  readonly pattern: RegExp;
  readonly what: string;
  readonly except?: RegExp;
}[] = [
  { pattern: new RegExp(`\\b(${unfinished})\\b`, 'g'), what: 'finish it, or write a decision' },
  {
    pattern: new RegExp(`(?<![\\w.~/])/(${machineFolders})/[\\w.-]+`, 'g'),
    what: 'names a folder of one machine',
  },
  { pattern: /\b[A-Z]:\\+Users\b/g, what: 'names a folder of one machine' },
  {
    pattern: /\bregistry\.[a-z]+\.[a-z]+|\bnpmmirror\b|https?:\/\/(npm|registry|mirror)\b/g,
    what: 'names a package registry',
  },
  {
    pattern: /\.\.\/shared\/(tools|vectors|reference|ui|hooks|design)\b/g,
    what: 'names the folder beside the project',
    except: /^\.ci\/run$/,
  },
];

/** Texts that may stand in no file of the project. */
export function textFindings(file: TextFile): Finding[] {
  const lineAt = lineFinder(file.text);
  return texts.flatMap(({ pattern, what, except }) =>
    except?.test(file.path) === true
      ? []
      : [...file.text.matchAll(pattern)].map((hit) => ({
          path: file.path,
          line: lineAt(hit.index),
          what: `${hit[0]}: ${what}`,
        })),
  );
}

/** Comments that switch a check off: never for a whole file of types, else with a reason. */
export function suppressionFindings(source: Source): Finding[] {
  const lineAt = lineFinder(source.text);
  return source.comments.flatMap(({ text, start }) => {
    const hit = /(biome-ignore|(?:oxlint|eslint)-disable|@ts-\w+)(.*)/s.exec(text);
    if (hit === null) return [];
    const [, directive = '', rest = ''] = hit;
    const reason = /(?::|--)\s*(.*)/s.exec(rest)?.[1] ?? (directive.startsWith('@ts') ? rest : '');
    const isNever = directive === '@ts-nocheck' || directive === '@ts-ignore';
    if (!isNever && letters(reason) >= REASON_LENGTH_MIN) return [];
    const what = isNever ? `${directive} hides errors` : `${directive} without a reason`;
    return [{ path: source.path, line: lineAt(start), what }];
  });
}

// Doors (doors.ts) for what says who and where the network is: text forms of bytes, addresses,
// network files and links, descriptors and documents. Signed things have two: one with true
// signatures, and one whose signer says whatever he likes.
import { BlockList, isIP } from 'node:net';
import { parseNetworkText } from '../../main/engine/joined-network.ts';
import {
  concatBytes,
  equalBytes,
  fromBase64url,
  fromHex,
  fromUtf8,
  toBase64url,
  toHex,
  toUtf8,
} from '../../shared/bytes.ts';
import type { CryptoEngine } from '../../shared/crypto.ts';
import {
  decodeMailboxAddress,
  encodeMailboxAddress,
  formatMailboxAddress,
  type MailboxAddress,
  parseMailboxAddress,
} from '../../shared/network/address.ts';
import { signDescriptor, verifyDescriptor } from '../../shared/network/descriptor.ts';
import {
  DOCUMENT_SIZE_MAX,
  decodeDocument,
  encodeDocument,
  encodeDocumentBody,
} from '../../shared/network/document.ts';
import { DESCRIPTOR_SIZE_MAX } from '../../shared/network/frame-sizes.ts';
import {
  AUTHORITIES_MAX,
  canonicalNetworkFile,
  formatNetworkLink,
  NETWORK_FILE_SIZE_MAX,
  NETWORK_LINK_PREFIX,
  type NetworkFile,
  type ParsedNetworkFile,
  parseNetworkFile,
  parseNetworkLink,
} from '../../shared/network/network-file.ts';
import {
  isLoopbackAddress,
  NODE_ADDRESS_SIZE_MAX,
  parseNodeAddress,
} from '../../shared/network/node-address.ts';
import { nodePeer, timeliness, verifyDocument } from '../../shared/network/topology.ts';
import { trafficSets } from '../../shared/network/traffic.ts';
import { drawBytes } from '../../shared/random.ts';
import { type Door, door, taken, textOf } from './doors.ts';
import { makeBody, makeNetwork, signBody, type TestNetwork } from './network.ts';
import { seededRandom } from './random.ts';

const SIGNATURE_SIZE = 64;
const asBytes = (texts: readonly string[]) => texts.map(toUtf8);

export function networkDoors(engine: CryptoEngine): readonly Door[] {
  const made = makeNetwork({ engine, mixes: 1, providers: 1 });
  return [
    ...textDoors(),
    ...mailboxDoors(),
    nodeAddressDoor(),
    ...fileDoors(engine, made.network),
    ...descriptorDoors(engine, made),
    ...documentDoors(engine, made),
  ];
}

/** What other parsers are made of. */
function textDoors(): Door[] {
  const bytes = drawBytes(seededRandom('texts'), 33);
  const words = ['Ünal 艾达 👩‍👩‍👧', '\ufeffmark', 'plain'];
  const odd = ['ef bb bf', 'c0 80', 'ed a0 80', 'f4 90 80 80', 'f0 80 80 80', 'e2 82'];
  const pieces = odd.map((one) => fromHex(one.replaceAll(' ', '')) ?? bytes);
  return [
    door('hex', asBytes([toHex(bytes), toHex(bytes).toUpperCase(), '']), (input) => {
      const text = textOf(input);
      const read = fromHex(text);
      return read === null ? null : taken(input, toHex(read) === text.toLowerCase());
    }),
    door('base64url', asBytes([toBase64url(bytes), toBase64url(bytes.subarray(1))]), (input) => {
      const read = fromBase64url(textOf(input));
      return read === null ? null : toUtf8(toBase64url(read));
    }),
    door(
      'UTF-8',
      asBytes(words),
      (input) => {
        const text = fromUtf8(input);
        return text === null ? null : toUtf8(text);
      },
      { pieces },
    ),
  ];
}

function mailboxDoors(): Door[] {
  const random = seededRandom('mailboxes');
  const hash = drawBytes(random, 8);
  const addresses = [0, 1].map(
    (): MailboxAddress => ({
      networkHash: hash,
      providerKey: drawBytes(random, 32),
      mailbox: drawBytes(random, 16),
      token: drawBytes(random, 16),
      mailboxKey: drawBytes(random, 32),
    }),
  );
  return [
    door('mailbox address, bytes', addresses.map(encodeMailboxAddress), (input) => {
      const parsed = decodeMailboxAddress(input, hash);
      return parsed.ok ? encodeMailboxAddress(parsed.address) : null;
    }),
    door('mailbox address, text', asBytes(addresses.map(formatMailboxAddress)), (input) => {
      const parsed = parseMailboxAddress(textOf(input), hash);
      return parsed.ok ? toUtf8(formatMailboxAddress(parsed.address)) : null;
    }),
  ];
}

/** Held against what the system makes of the same host. */
function nodeAddressDoor(): Door {
  const valid = ['127.0.0.1:1', 'mix.example.org:65535', '[2001:db8::1:2]:443', 'localhost:80'];
  valid.push('[::ffff:10.0.0.1]:443', '[::1]:7000', '[1:2:3:4:5:6:7:8]:9', '10.20.30.40:5060');
  const pieces = ['::', ':', '[', ']', '.', '0', '127.0.0.1', '1.2.3.4', 'ffff', '-', 'a', ':1'];
  const loopback = new BlockList();
  loopback.addSubnet('127.0.0.0', 8, 'ipv4');
  loopback.addAddress('::1', 'ipv6');
  return door(
    'node address',
    asBytes(valid),
    (input) => {
      const text = textOf(input);
      const parsed = parseNodeAddress(text);
      if (!parsed.ok) return isLoopbackAddress(text) ? taken(input, false) : null;
      const { host, port } = parsed.address;
      const version = isIP(host);
      const isBracketed = text.startsWith('[');
      const isSystems = version === (isBracketed ? 6 : /^[0-9.]+$/.test(host) ? 4 : 0);
      const family = version === 6 ? 'ipv6' : 'ipv4';
      const isHere = host === 'localhost' || (version !== 0 && loopback.check(host, family));
      const isLoopback = !isLoopbackAddress(text) || isHere;
      const again = `${isBracketed ? `[${host}]` : host}:${port}`;
      return isSystems && isLoopback ? toUtf8(again) : taken(input, false);
    },
    { pieces: asBytes(pieces), sizeMax: NODE_ADDRESS_SIZE_MAX },
  );
}

function fileDoors(engine: CryptoEngine, network: NetworkFile): Door[] {
  const small: NetworkFile = {
    name: 'Ünal',
    authorities: [{ key: drawBytes(seededRandom('file'), 32), addresses: ['[::1]:7', 'a.b:1'] }],
    epoch0UnixMs: 1,
  };
  const files = [network, small].map(canonicalNetworkFile);
  const spaced = toUtf8(JSON.stringify(JSON.parse(textOf(files[0] ?? toUtf8(''))), null, 2));
  const links = [network, small].map((one) => formatNetworkLink(engine, one));
  const pieces = ['eddy:n/', 'eddy:c/', ' ', '\n', '=', '"name":', '{', 'A', '\ufeff'];
  return [
    door(
      'network file',
      [...files, spaced],
      (input) => {
        const parsed = parseNetworkFile(textOf(input));
        return parsed.ok ? taken(input, isOneNetwork(parsed, parseNetworkFile)) : null;
      },
      { isJson: true, sizeMax: NETWORK_FILE_SIZE_MAX },
    ),
    door('network link', asBytes(links), (input) => {
      const parsed = parseNetworkLink(engine, textOf(input));
      if (!parsed.ok) return null;
      const link = formatNetworkLink(engine, parsed.network);
      return taken(input, link === textOf(input).trim());
    }),
    door(
      'network link, its content',
      files,
      (input) => {
        const sum = new Uint8Array(32);
        engine.sha256(sum, input);
        const link = toBase64url(concatBytes(input, sum.subarray(0, 4)));
        const parsed = parseNetworkLink(engine, NETWORK_LINK_PREFIX + link);
        return parsed.ok ? canonicalNetworkFile(parsed.network) : null;
      },
      { isJson: true, sizeMax: NETWORK_FILE_SIZE_MAX },
    ),
    door(
      'network, pasted',
      [...asBytes(links), ...asBytes(links.map((link) => `\n ${link} `)), ...files],
      (input) => {
        const parse = (text: string) => parseNetworkText(engine, text);
        const parsed = parse(textOf(input));
        return parsed.ok ? taken(input, isOneNetwork(parsed, parse)) : null;
      },
      { pieces: asBytes(pieces) },
    ),
  ];
}

/** Whether a network is within its bounds, and its canonical form says the same network. */
function isOneNetwork(
  parsed: Extract<ParsedNetworkFile, { ok: true }>,
  parse: (text: string) => ParsedNetworkFile,
): boolean {
  const { network } = parsed;
  const canonical = canonicalNetworkFile(network);
  const again = parse(textOf(canonical));
  const isBounded =
    network.authorities.length <= AUTHORITIES_MAX &&
    network.authorities.every(({ addresses }) =>
      addresses.every((one) => parseNodeAddress(one).ok),
    );
  return isBounded && again.ok && equalBytes(canonicalNetworkFile(again.network), canonical);
}

/** An engine to which every signature is a right one: that of whoever says something wrong. */
function believing(engine: CryptoEngine): CryptoEngine {
  return { ...engine, ed25519Verify: () => true, ed25519Sign: (out) => void out.fill(0) };
}

function descriptorDoors(engine: CryptoEngine, made: TestNetwork): Door[] {
  const valid = made.nodes.flatMap(({ descriptor, identity }, index) => {
    if (index > 0 && index < made.nodes.length - 1) return [];
    const addresses = ['[2001:db8::7]:443', 'node.example.org:4433'];
    const other = { ...descriptor, operator: '艾达', addresses, firstEpoch: 9 };
    return [descriptor, other].map((one) => signDescriptor(engine, one, identity.secretKey));
  });
  const pieces = ['ef bb bf', '00', '00 00', 'ff ff ff ff', '7f', 'e2 80 ae'];
  const more = {
    sizeMax: DESCRIPTOR_SIZE_MAX,
    pieces: pieces.map((one) => fromHex(one.replaceAll(' ', '')) ?? new Uint8Array(1)),
  };
  return [
    door(
      'descriptor',
      valid,
      (input) => {
        const decoded = verifyDescriptor(engine, input);
        if (!decoded.ok) return null;
        return valid.find((one) => equalBytes(one, input)) ?? new Uint8Array(0);
      },
      more,
    ),
    door(
      'descriptor, whatever its node says',
      valid,
      (input) => {
        const decoded = verifyDescriptor(believing(engine), input);
        if (!decoded.ok) return null;
        const none = new Uint8Array(SIGNATURE_SIZE);
        const encoded = signDescriptor(believing(engine), decoded.descriptor, none);
        const signature = input.subarray(Math.max(0, input.length - SIGNATURE_SIZE));
        return concatBytes(encoded.subarray(0, encoded.length - SIGNATURE_SIZE), signature);
      },
      more,
    ),
  ];
}

function documentDoors(engine: CryptoEngine, made: TestNetwork): Door[] {
  const many = makeNetwork({ engine, mixes: 1, providers: 1, authorities: 3 });
  const signedByMany = signBody(many, { ...makeBody(many), commitments: [] }, 2);
  const commitments = made.authorities.map(({ publicKey }) => ({
    authorityKey: publicKey,
    commitment: new Uint8Array(32).fill(4),
  }));
  const bodies = [0, 2].map((epoch) => ({ ...makeBody(made, { epoch }), commitments }));
  const valid = bodies.map((body) => signBody(made, body));
  const more = { sizeMax: DOCUMENT_SIZE_MAX };
  return [
    door(
      'document, its form',
      [...valid, signedByMany],
      (input) => {
        const decoded = decodeDocument(input);
        if (!decoded.ok) return null;
        return encodeDocument(encodeDocumentBody(decoded.body), decoded.signatures);
      },
      more,
    ),
    door(
      'document',
      valid,
      (input) => {
        if (!verifyDocument(engine, made.network, input).ok) return null;
        return taken(
          input,
          valid.some((one) => isSameBody(one, input)),
        );
      },
      more,
    ),
    door(
      'document, whatever its authorities say',
      valid,
      (input) => {
        const verified = verifyDocument(believing(engine), made.network, input);
        if (!verified.ok) return null;
        const { topology } = verified;
        const decoded = decodeDocument(input);
        const nodes = [...topology.byPeer.values()];
        const isRight =
          decoded.ok &&
          decoded.body.nodes.length === nodes.length &&
          nodes.every((node) => node.peer === nodePeer(node.identityKey)) &&
          topology.layers.length >= 1 &&
          topology.layers.every((layer) => layer.length > 0) &&
          topology.providers.length > 0 &&
          JSON.stringify(topology.traffic) === JSON.stringify(trafficSets[topology.traffic.name]);
        timeliness(topology, topology.validFromUnixMs);
        return taken(input, isRight);
      },
      more,
    ),
  ];
}

/** Signatures that are not needed may be nonsense. */
function isSameBody(a: Uint8Array, b: Uint8Array): boolean {
  const [one, other] = [decodeDocument(a), decodeDocument(b)];
  return one.ok && other.ok && equalBytes(one.bodyBytes, other.bodyBytes);
}

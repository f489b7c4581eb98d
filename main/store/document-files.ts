// The documents a node holds, as files, so that a restart continues the network at once. They are
// public and signed; whoever loads them verifies them again.
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { DOCUMENT_SIZE_MAX } from '../../shared/network/document.ts';
import type { DocumentStore } from '../mixnet/documents.ts';
import { FOLDER_MODE, writeDurably } from './durable-file.ts';

const fileName = /^epoch-\d{1,10}\.document$/;

/** Opens or makes `folder`. A file that is too large to be a document is passed over. */
export function openDocumentFiles(folder: string): DocumentStore {
  mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  const fileOf = (epoch: number) => path.join(folder, `epoch-${epoch}.document`);
  return {
    load: () =>
      readdirSync(folder)
        .filter((name) => fileName.test(name))
        .map((name) => path.join(folder, name))
        .filter((file) => statSync(file).size <= DOCUMENT_SIZE_MAX)
        .map((file) => new Uint8Array(readFileSync(file))),
    save: (epoch, bytes) => writeDurably(fileOf(epoch), bytes),
    remove: (epoch) => rmSync(fileOf(epoch), { force: true }),
  };
}

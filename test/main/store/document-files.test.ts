// Documents as files: what is saved comes back, what is no document's size does not.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openDocumentFiles } from '../../../main/store/document-files.ts';
import { DOCUMENT_SIZE_MAX } from '../../../shared/network/document.ts';
import { scratchFolder } from '../../support/store-files.ts';

it('gives back what was saved and not removed', () => {
  const folder = path.join(scratchFolder(), 'documents');
  const files = openDocumentFiles(folder);
  expect(files.load()).toEqual([]);
  files.save(7, Uint8Array.of(7));
  files.save(8, Uint8Array.of(8));
  files.save(8, Uint8Array.of(8, 8));
  files.remove(7);
  files.remove(7);
  expect(openDocumentFiles(folder).load()).toEqual([Uint8Array.of(8, 8)]);
});

it('passes over other files, and files that are too large', () => {
  const folder = path.join(scratchFolder(), 'documents');
  const files = openDocumentFiles(folder);
  files.save(1, new Uint8Array(DOCUMENT_SIZE_MAX));
  files.save(2, new Uint8Array(DOCUMENT_SIZE_MAX + 1));
  writeFileSync(path.join(folder, 'epoch-3.document.new'), 'half');
  expect(files.load().map((bytes) => bytes.length)).toEqual([DOCUMENT_SIZE_MAX]);
});

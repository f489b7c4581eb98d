// Bytes of a hex string that the test itself wrote: anything else is a mistake in the test.
import { fromHex } from '../../shared/bytes.ts';

/** Bytes of `text`; spaces are for the reader's eye. */
export function hexBytes(text: string): Uint8Array {
  const bytes = fromHex(text.replaceAll(/\s/g, ''));
  if (bytes === null) throw new Error('a test vector is not hex');
  return bytes;
}

// Pictures that a user gives: read on this computer, onto a canvas, and nothing but its pixels is
// used. The bytes of the file go nowhere.
import { AVATAR_SIDE_PX, AVATAR_SIZE_MAX } from '../../shared/api-profile.ts';
import { bareWebp } from './bare-webp.ts';
import { readQr } from './qr.ts';

/** Bytes of a picture's file. */
export const PICTURE_SIZE_MAX = 20 * 1_048_576;
/** Longer side of what a QR code is looked for in, px; a larger picture is made smaller first. */
const READ_SIDE_PX_MAX = 2_000;
/** A smaller picture of the same may be easier to read: noise goes, modules stay. */
const READ_SIDES_PX = [READ_SIDE_PX_MAX, 1_000, 600] as const;
/** How a picture of a person is written, best first; what is too large is written again. */
const QUALITIES = [0.92, 0.8, 0.65, 0.5, 0.3] as const;

/** What the picker offers. */
export const PICTURE_TYPES = 'image/png,image/jpeg,image/webp,image/gif,image/bmp';

/** The pixels of a file; null where it is no picture that can be read, or too large. */
export async function openPicture(file: Blob): Promise<ImageBitmap | null> {
  if (file.size > PICTURE_SIZE_MAX) return null;
  try {
    return await createImageBitmap(file);
  } catch {
    return null;
  }
}

export type QrReading =
  | { readonly kind: 'text'; readonly text: string }
  /** A picture, and no code in it. */
  | { readonly kind: 'none' }
  | { readonly kind: 'no_picture' };

/** Looks for a QR code in a picture's file. */
export async function readQrFile(file: Blob): Promise<QrReading> {
  const picture = await openPicture(file);
  if (picture === null) return { kind: 'no_picture' };
  try {
    for (const side of READ_SIDES_PX) {
      const text = readQr(pixelsOf(picture, side));
      if (text !== null) return { kind: 'text', text };
      if (Math.max(picture.width, picture.height) <= side / 2) break;
    }
    return { kind: 'none' };
  } finally {
    picture.close();
  }
}

function pixelsOf(picture: ImageBitmap, sideMax: number): ImageData {
  const scale = Math.min(1, sideMax / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const { context } = canvasOf(width, height);
  // What is transparent counts as light.
  context.fillStyle = 'white';
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

/** Which square of a picture is shown, px of the picture. */
export type Crop = { readonly x: number; readonly y: number; readonly side: number };

/** Where the square of a picture lies: how far it is in, and its place from 0 to 1 each way. */
export function cropOf(
  picture: { readonly width: number; readonly height: number },
  view: { readonly zoom: number; readonly across: number; readonly down: number },
): Crop {
  const side = Math.min(picture.width, picture.height) / view.zoom;
  return {
    x: (picture.width - side) * view.across,
    y: (picture.height - side) * view.down,
    side,
  };
}

/** Draws the square onto the whole of a canvas, over what is there. */
export function drawCrop(context: CanvasRenderingContext2D, picture: ImageBitmap, crop: Crop) {
  const { width, height } = context.canvas;
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture, crop.x, crop.y, crop.side, crop.side, 0, 0, width, height);
}

/**
 * The square as a WebP (PNG where this browser writes none) of `AVATAR_SIDE_PX`, base64url; null
 * where it stays above `AVATAR_SIZE_MAX`. Written anew from pixels: nothing of the file is in it.
 */
export async function encodeAvatar(picture: ImageBitmap, crop: Crop): Promise<string | null> {
  const { canvas, context } = canvasOf(AVATAR_SIDE_PX, AVATAR_SIDE_PX);
  // What is transparent becomes light, whatever theme it is looked at in.
  context.fillStyle = 'white';
  context.fillRect(0, 0, AVATAR_SIDE_PX, AVATAR_SIDE_PX);
  drawCrop(context, picture, crop);
  for (const quality of QUALITIES) {
    const blob = await new Promise<Blob | null>((resolve) => {
      canvas.toBlob(resolve, 'image/webp', quality);
    });
    if (blob === null) continue;
    const written = new Uint8Array(await blob.arrayBuffer());
    const bare = blob.type === 'image/webp' ? bareWebp(written) : written;
    if (bare !== null && bare.length <= AVATAR_SIZE_MAX) return base64url(bare);
  }
  return null;
}

function base64url(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

function canvasOf(width: number, height: number) {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('must hold: a canvas has pixels');
  return { canvas, context };
}

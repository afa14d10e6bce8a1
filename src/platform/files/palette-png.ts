import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const compress = promisify(deflate);

/** Colours that look the same are merged: five bits of each channel count. */
const shades = 1 << 15;
const mostColours = 256;

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Makes a PNG with a palette, which is a third of the size of a full-colour PNG: a drawing has few colours. zlib compresses it
 * off the event loop. resvg writes full colour only, and so does pngjs. `pixels` are red, green, blue and opacity; the drawing must be opaque. Undefined if it has more than 256 colours.
 */
export async function palettePng(pixels: Uint8Array, width: number, height: number): Promise<Buffer | undefined> {
  const places = new Int16Array(shades).fill(-1);
  const palette: number[] = [];
  const lines = Buffer.alloc(height * (width + 1));
  let colours = 0;
  let at = 0;
  for (let y = 0; y < height; y++) {
    // Each line begins with its filter type: 0 for none.
    let to = y * (width + 1) + 1;
    for (let x = 0; x < width; x++, at += 4) {
      const [red, green, blue] = [pixels[at]!, pixels[at + 1]!, pixels[at + 2]!];
      const shade = ((red >> 3) << 10) | ((green >> 3) << 5) | (blue >> 3);
      let place = places[shade]!;
      if (place < 0) {
        if (colours === mostColours) return undefined;
        places[shade] = place = colours++;
        palette.push(red, green, blue);
      }
      lines[to++] = place;
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits per pixel, with a palette.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette)),
    chunk('IDAT', await compress(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, content: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const framed = Buffer.alloc(named.length + 8);
  framed.writeUInt32BE(content.length, 0);
  framed.set(named, 4);
  framed.writeUInt32BE(crc32(named), named.length + 4);
  return framed;
}

import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

const compress = promisify(deflate);

/** Colours that differ by less than the eye can see are one: five bits of each part tell them apart. */
const shades = 1 << 15;
const mostColours = 256;

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * A PNG with a palette, a third of the size of one with full colours: a drawing has few of them. It is compressed beside
 * the event loop. `pixels` are red, green, blue and opacity; the drawing must cover its ground. Undefined for a picture
 * of more than 256 colours.
 */
export async function palettePng(pixels: Uint8Array, width: number, height: number): Promise<Buffer | undefined> {
  const places = new Int16Array(shades).fill(-1);
  const palette: number[] = [];
  const lines = Buffer.alloc(height * (width + 1));
  let colours = 0;
  let at = 0;
  for (let y = 0; y < height; y++) {
    // Each line begins with its filter: none.
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
  // Eight bits a pixel, of a palette.
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

import { crc32, inflateSync } from 'node:zlib';
import { palettePng } from './palette-png.js';

type Colour = readonly [red: number, green: number, blue: number];

const white: Colour = [255, 255, 255];
const nearlyWhite: Colour = [253, 254, 252];
const red: Colour = [200, 0, 0];

const opaque = (colours: readonly Colour[]): Uint8Array =>
  new Uint8Array(colours.flatMap((colour) => [...colour, 255]));

/** The chunks of a PNG by name. Checks their checksums. */
function chunksOf(png: Buffer): Map<string, Buffer> {
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    expect(png.readUInt32BE(end)).toBe(crc32(png.subarray(at + 4, end)));
    chunks.set(png.toString('latin1', at + 4, at + 8), png.subarray(at + 8, end));
    at = end + 4;
  }
  return chunks;
}

test('a picture has the four chunks of a PNG with a palette, in order, and a filter type before each line', async () => {
  const png = (await palettePng(opaque([white, red, nearlyWhite, red, red, white]), 3, 2))!;
  const chunks = chunksOf(png);
  expect(png.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  expect([...chunks.keys()]).toEqual(['IHDR', 'PLTE', 'IDAT', 'IEND']);
  expect([...chunks.get('IHDR')!]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
  // Colours that look the same are merged.
  expect([...chunks.get('PLTE')!]).toEqual([...white, ...red]);
  expect([...inflateSync(chunks.get('IDAT')!)]).toEqual([0, 0, 1, 0, 0, 1, 1, 0]);
});

test.each([
  [256, true],
  [257, false],
])('a picture of %i colours has a palette: %s', async (count, fits) => {
  const colours = Array.from({ length: count }, (_, at): Colour => [(at % 32) * 8, Math.floor(at / 32) * 8, 0]);
  expect((await palettePng(opaque(colours), count, 1)) !== undefined).toBe(fits);
});

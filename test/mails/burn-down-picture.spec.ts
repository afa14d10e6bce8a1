import { inflateSync } from 'node:zlib';
import { burnDown, paceOfTerm } from '../../src/domain/pace.js';
import { burnDownAlt, burnDownPicture, type BurnDown } from '../../src/features/balances/burn-down.picture.js';

const plan = paceOfTerm({ anchor: '2026-04-01', number: 0, baseMinutes: 11_520, additions: [], tolerancePercent: 10 });

const shown = (usedMinutes: number): BurnDown => ({
  months: burnDown(plan, [{ workDate: '2026-05-10', minutes: usedMinutes }]),
  grantedMinutes: 11_520,
  usedMinutes,
  plannedMinutes: 8_640,
  asOf: '2026-12-31',
});

/** The size of a PNG with a palette, and the palette index of each pixel. */
function pixels(png: Buffer): { width: number; height: number; at: (x: number, y: number) => number } {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const parts: Buffer[] = [];
  for (let place = 8; place < png.length; place += png.readUInt32BE(place) + 12) {
    if (png.toString('latin1', place + 4, place + 8) !== 'IDAT') continue;
    parts.push(png.subarray(place + 8, place + 8 + png.readUInt32BE(place)));
  }
  const lines = inflateSync(Buffer.concat(parts));
  return { width, height, at: (x, y) => lines[y * (width + 1) + 1 + x]! };
}

/** Counts the pixels in the left half of the title that differ from the background. */
function inkOfTitle(png: Buffer): number {
  const { width, height, at } = pixels(png);
  const background = at(0, 0);
  let ink = 0;
  for (let y = 0; y < height * 0.12; y++) for (let x = 0; x < width / 2; x++) ink += Number(at(x, y) !== background);
  return ink;
}

test('the burn-down picture is a small PNG, the same one for equal figures, and another for other figures', async () => {
  const [one, again, other] = await Promise.all([
    burnDownPicture(shown(3_000), { language: 'en' }),
    burnDownPicture(shown(3_000), { language: 'en' }),
    burnDownPicture(shown(6_000), { language: 'en' }),
  ]);
  expect(one.toString('latin1', 0, 8)).toBe('\x89PNG\r\n\x1a\n');
  expect(pixels(one)).toMatchObject({ width: 840, height: 448 });
  expect(one.length).toBeLessThan(15_000);
  expect(again).toBe(one);
  expect(other.equals(one)).toBe(false);
});

test.each(['ja', 'en'] as const)('the burn-down picture has its title in %s', async (language) => {
  // If the font were missing, the title would be blank.
  expect(inkOfTitle(await burnDownPicture(shown(3_000), { language }))).toBeGreaterThan(1_000);
});

test('the burn-down picture can show a term without use, and a term without remaining hours', async () => {
  for (const usedMinutes of [0, 11_520]) {
    expect((await burnDownPicture(shown(usedMinutes), { language: 'ja' })).length).toBeGreaterThan(2_000);
  }
});

test('the alternative text of the burn-down picture names its figures', () => {
  expect(burnDownAlt(shown(3_000), 'en')).toBe(
    'Hours used as of 2026-12-31 (Thursday): 192 hours granted, 50 hours used, even plan 144 hours',
  );
  expect(burnDownAlt(shown(3_000), 'ja')).toBe(
    '使用時間の推移（2026年12月31日(木)現在）：付与時間 192 時間、使用済み 50 時間、計画（均等利用）144 時間',
  );
});

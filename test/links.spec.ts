import { DeclineLinks } from '../src/features/notices/decline-link.js';
import { ReportLinks } from '../src/features/schedules/report-link.js';
import type { Config } from '../src/platform/settings/config.js';

const [old, present, strange] = ['o', 'p', 's'].map((letter) => letter.repeat(32)) as [string, string, string];
const config = (secretKey: string, previousSecretKey?: string) =>
  ({ publicUrl: 'https://trm.example', secretKey, previousSecretKey }) as Config;
const tokenOf = (link: string): string => link.split('/').at(-1)!;

const termId = '01981b2c-0000-7000-8000-000000000001';
const address = 'Anna@customer.example';
const expiresAt = new Date('2026-05-01T00:00:00Z');

// prettier-ignore
test.each([
  ['the key that signed it',                    old,     config(old),             true],
  ['that key as the previous one',              old,     config(present, old),    true],
  ['the present key, with a previous one',      present, config(present, old),    true],
  ['another key',                               old,     config(present),         false],
  ['two other keys',                            old,     config(present, strange), false],
])('a link is read with %s: %#', (_, signedWith, reader, isGood) => {
  const decline = tokenOf(new DeclineLinks(config(signedWith)).linkFor({ termId, address }));
  const read = new DeclineLinks(reader).read(decline);
  expect([read?.termId, read?.isFor('anna@CUSTOMER.example'), read?.isFor('eve@customer.example')]).toEqual(
    isGood ? [termId, true, false] : [undefined, undefined, undefined],
  );
  const report = tokenOf(new ReportLinks(config(signedWith)).linkFor({ mailId: termId, expiresAt }));
  expect(new ReportLinks(reader).read(report)).toEqual(isGood ? { mailId: termId, expiresAt } : undefined);
});

test('new links are signed by the present key alone', () => {
  const both = config(present, old);
  expect(new DeclineLinks(both).linkFor({ termId, address })).toBe(
    new DeclineLinks(config(present)).linkFor({ termId, address }),
  );
  expect(new ReportLinks(both).linkFor({ mailId: termId, expiresAt })).toBe(
    new ReportLinks(config(present)).linkFor({ mailId: termId, expiresAt }),
  );
});

test('a link for one purpose is none for another', () => {
  const both = config(present, old);
  const report = tokenOf(new ReportLinks(both).linkFor({ mailId: termId, expiresAt }));
  expect(new DeclineLinks(both).read(report)).toBeUndefined();
});

import { DeclineLinks } from '../src/features/notices/decline-link.js';
import { ReportLinks } from '../src/features/schedules/report-link.js';
import type { Config } from '../src/platform/settings/config.js';

const [old, present, other] = ['o', 'p', 's'].map((letter) => letter.repeat(32)) as [string, string, string];
const config = (secretKey: string, previousSecretKey?: string) =>
  ({ publicUrl: 'https://trm.example', secretKey, previousSecretKey }) as Config;
const tokenOf = (link: string): string => link.split('/').at(-1)!;

const termId = '01981b2c-0000-7000-8000-000000000001';
const address = 'Anna@customer.example';
const expiresAt = new Date('2026-05-01T00:00:00Z');

// prettier-ignore
test.each([
  ['valid with the key that signed it',                        old,     config(old),             true],
  ['valid with the key that signed it as the previous key',    old,     config(present, old),    true],
  ['valid with the present key, if there is a previous key',   present, config(present, old),    true],
  ['invalid with another key',                                 old,     config(present),         false],
  ['invalid with two other keys',                              old,     config(present, other),  false],
])('a link is %s', (_, signedWith, reader, isGood) => {
  const decline = tokenOf(new DeclineLinks(config(signedWith)).linkFor({ termId, address }));
  const read = new DeclineLinks(reader).read(decline);
  expect([read?.termId, read?.isFor('anna@CUSTOMER.example'), read?.isFor('eve@customer.example')]).toEqual(
    isGood ? [termId, true, false] : [undefined, undefined, undefined],
  );
  const report = tokenOf(new ReportLinks(config(signedWith)).linkFor({ mailId: termId, expiresAt }));
  expect(new ReportLinks(reader).read(report)).toEqual(isGood ? { mailId: termId, expiresAt } : undefined);
});

test('new links are signed with the present key only', () => {
  const both = config(present, old);
  expect(new DeclineLinks(both).linkFor({ termId, address })).toBe(
    new DeclineLinks(config(present)).linkFor({ termId, address }),
  );
  expect(new ReportLinks(both).linkFor({ mailId: termId, expiresAt })).toBe(
    new ReportLinks(config(present)).linkFor({ mailId: termId, expiresAt }),
  );
});

test('a report link is not valid as a decline link', () => {
  const both = config(present, old);
  const report = tokenOf(new ReportLinks(both).linkFor({ mailId: termId, expiresAt }));
  expect(new DeclineLinks(both).read(report)).toBeUndefined();
});

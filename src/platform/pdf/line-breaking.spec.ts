import * as fc from 'fast-check';
import { brokenLines } from './line-breaking.js';

/** Japanese letters are twice as wide as Latin ones. */
const widthOf = (letter: string): number => (letter.codePointAt(0)! > 0xff ? 2 : 1);
const broken = (text: string, width: number): string => brokenLines(text, width, widthOf).join('|');

test.each`
  text                    | width | lines
  ${''}                   | ${10} | ${''}
  ${'  '}                 | ${10} | ${''}
  ${'one'}                | ${3}  | ${'one'}
  ${'one two three'}      | ${7}  | ${'one two|three'}
  ${'one two three'}      | ${6}  | ${'one|two|three'}
  ${'one two '}           | ${7}  | ${'one two'}
  ${'unbreakable'}        | ${4}  | ${'unbr|eaka|ble'}
  ${'a unbreakable'}      | ${4}  | ${'a|unbr|eaka|ble'}
  ${'co-operation'}       | ${4}  | ${'co-|oper|atio|n'}
  ${'by e-mail'}          | ${6}  | ${'by|e-mail'}
  ${'in UTC-05:00'}       | ${10} | ${'in|UTC-05:00'}
  ${'in UTC+09:00'}       | ${10} | ${'in|UTC+09:00'}
  ${'サーバーの確認'}     | ${6}  | ${'サー|バーの|確認'}
  ${'クラスタ構成の確認'} | ${8}  | ${'クラスタ|構成の確|認'}
  ${'構成の確認。'}       | ${10} | ${'構成の確|認。'}
  ${'確認「構成」'}       | ${6}  | ${'確認|「構|成」'}
  ${'データ'}             | ${4}  | ${'デー|タ'}
  ${'キャッシュ'}         | ${6}  | ${'キャッ|シュ'}
  ${'Linuxの確認'}        | ${8}  | ${'Linuxの|確認'}
  ${'/aー'}               | ${2}  | ${'/|a|ー'}
  ${'ーーーーー'}         | ${4}  | ${'ーー|ーー|ー'}
  ${'あ'}                 | ${1}  | ${'あ'}
  ${'あい'}               | ${1}  | ${'あ|い'}
`('$text at width $width becomes $lines', ({ text, width, lines }) => {
  expect(broken(text as string, width as number)).toBe(lines);
});

test('only spaces are lost, and no line is too wide', () => {
  const letters = fc.constantFrom(...'ab -/ 「」、。あいっー漢字');
  fc.assert(
    fc.property(fc.string({ unit: letters, maxLength: 60 }), fc.integer({ min: 2, max: 30 }), (text, width) => {
      const lines = brokenLines(text, width, widthOf);
      expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      for (const line of lines) {
        expect([...line.trimEnd()].reduce((sum, letter) => sum + widthOf(letter), 0)).toBeLessThanOrEqual(width);
      }
    }),
    { numRuns: 1000 },
  );
});

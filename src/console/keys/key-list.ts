import { scopeOf, type Role } from '../../domain/access.js';
import { menuOf } from '../frame/navigation.js';

/** Keys of the console, as the help shows them. `console/browser/keys.ts` carries them out. */
export interface KeyRow {
  /** Keys that are pressed together or in sequence. Each inner list is one way. */
  keys: readonly (readonly string[])[];
  does: { en: string; ja: string };
}

export interface KeyGroup {
  title: { en: string; ja: string };
  rows: readonly KeyRow[];
}

const row = (keys: KeyRow['keys'], en: string, ja: string): KeyRow => ({ keys, does: { en, ja } });

/** Keys of the week sheet, which `console/browser/week.ts` carries out. */
const weekKeys: KeyGroup = {
  title: { en: 'In the week sheet', ja: '週の入力' },
  rows: [
    row([['↑'], ['↓'], ['←'], ['→']], 'Another cell', '別のセルへ移動'),
    row([['Enter']], 'The cell below', '下のセルへ移動'),
    row([['=']], 'Repeat the cell to the left, or last week', '左のセルまたは前の週を繰り返す'),
  ],
};

/** The keys that a role has, by group. */
export function keyGroups(role: Role): KeyGroup[] {
  return [
    {
      title: { en: 'Everywhere', ja: 'すべてのページ' },
      rows: [
        row(
          [
            ['Ctrl', 'K'],
            ['⌘', 'K'],
          ],
          'Find a customer, subscription, case or action',
          'お客様・契約・ケース・操作を検索',
        ),
        row([['/']], 'Search on this page', 'このページ内で検索'),
        row([['n']], 'Log time', '時間を記録'),
        row([['u']], 'Take back the last entry while its message shows', 'メッセージの表示中に直前の記録を取り消す'),
        row([['?']], 'Show these keys', 'このキー一覧を表示'),
        row([['Esc']], 'Close a window, or leave a field', 'ウィンドウを閉じる、入力欄から離れる'),
      ],
    },
    {
      title: { en: 'Go to', ja: 'ページへ移動' },
      rows: menuOf(role).flatMap(({ key, name }) => (key === undefined ? [] : [{ keys: [['g', key]], does: name }])),
    },
    {
      title: { en: 'In lists', ja: '一覧' },
      rows: [
        row([['j']], 'Next row', '次の行'),
        row([['k']], 'Previous row', '前の行'),
        row([['Enter']], 'Open the row', '行を開く'),
        row([['.']], 'Actions of the row', '行の操作'),
        row([['[']], 'Previous page, week or subscription', '前のページ・週・契約'),
        row([[']']], 'Next page, week or subscription', '次のページ・週・契約'),
      ],
    },
    {
      title: { en: 'In forms', ja: 'フォーム' },
      rows: [
        row(
          [
            ['Ctrl', 'Enter'],
            ['⌘', 'Enter'],
          ],
          'Save',
          '保存',
        ),
      ],
    },
    ...(scopeOf('time-entries.log', role) === 'never' ? [] : [weekKeys]),
  ];
}

import type { RefusalKind } from '../../domain/refusals.js';
import type { Language } from '../../domain/language.js';

const waitAndRepeat = {
  en: 'Wait as many seconds as the header Retry-After says, then send the request again.',
  ja: 'Retry-After ヘッダーの秒数だけ待ってから、再送してください。',
};

/** What a client does about each kind of refusal. */
export const adviceFor: Readonly<Record<RefusalKind, Readonly<Record<Language, string>>>> = {
  malformed: {
    en: 'Correct the request. The field “errors” names each value that cannot be read. Sent unchanged, the request fails again.',
    ja: 'リクエストを修正してください。読み取れない値は errors に記載されます。同じ内容を再送しても結果は変わりません。',
  },
  unauthenticated: {
    en: 'Send a valid token in the header Authorization: Bearer <token>. An administrator can give you a new one.',
    ja: '有効なトークンを Authorization: Bearer <token> ヘッダーに指定してください。新しいトークンは管理者が発行できます。',
  },
  forbidden: {
    en: 'Ask a user whose role may do this. The API document names the roles of each operation.',
    ja: 'この操作の権限を持つユーザーに依頼してください。操作ごとのロールは API ドキュメントに記載しています。',
  },
  absent: {
    en: 'Check the address and the IDs in it. You get the same answer for an object that you may not see.',
    ja: 'アドレスとその中の ID を確認してください。閲覧権限のない対象についても同じ応答になります。',
  },
  method: {
    en: 'Use one of the methods that the header Allow names.',
    ja: 'Allow ヘッダーに記載されたメソッドを使用してください。',
  },
  'too-slow': {
    en: 'Send the request again, over a faster connection if possible.',
    ja: '再送してください。可能であれば、より高速な回線をご利用ください。',
  },
  conflict: {
    en: 'Read the object again, and check whether the request still makes sense in its present state.',
    ja: '対象を再度取得し、現在の状態でもこの操作が必要か確認してください。',
  },
  stale: {
    en: 'Read the object again, and repeat the change with its new ETag.',
    ja: '対象を再度取得し、新しい ETag を指定して変更をやり直してください。',
  },
  'too-large': {
    en: 'Send a smaller request, or divide it into several.',
    ja: 'リクエストを小さくするか、複数に分割してください。',
  },
  unsupported: {
    en: 'Send the body with a type and an encoding that this address takes.',
    ja: 'このアドレスが対応する形式とエンコードで本文を送信してください。',
  },
  'headers-too-large': {
    en: 'Shorten the address and the headers.',
    ja: 'アドレスとヘッダーを短くしてください。',
  },
  rule: {
    en: 'Change the request so that it keeps the rule. The field “violations” names every broken rule; “maxAcceptableMinutes”, if there is one, is the largest amount that all rules accept.',
    ja: '条件を満たすようにリクエストを変更してください。満たしていない条件は violations に記載されます。maxAcceptableMinutes がある場合は、登録できる最大の分数を示します。',
  },
  precondition: {
    en: 'Read the object first, and send its ETag in the header If-Match.',
    ja: '先に対象を取得し、その ETag を If-Match ヘッダーに指定してください。',
  },
  'too-many': waitAndRepeat,
  broken: {
    en: 'Send the request again later. If the problem stays, tell the operator of the service when it happened.',
    ja: '時間をおいて再送してください。解消しない場合は、発生日時をサービスの運用担当者にお知らせください。',
  },
  unavailable: waitAndRepeat,
};

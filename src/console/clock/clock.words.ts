import type { Language } from '../../domain/language.js';

export const clockWords = {
  en: {
    title: 'Simulated clock',
    explanation:
      'This service does not follow the real time. Its clock stands until somebody advances it. Everything that falls due on the way happens, in order. It cannot go back.',
    now: 'The clock shows',
    advance: 'Advance the clock',
    day: 'Day',
    time: 'Time in {zone}',
    submit: 'Advance to this time',
    next: 'Or to the next event',
    to: 'Advance to {at}',
    due: 'What falls due next',
    job: 'Job',
    at: 'Due',
    nothing: 'Nothing is due as things stand.',
    advanced: 'The clock shows {at}. {count, plural, =0 {No job ran} one {# job ran} other {# jobs ran}} on the way.',
  },
  ja: {
    title: 'シミュレーションの時計',
    explanation:
      'このサービスは実際の時刻に従いません。時計は、誰かが進めるまで止まっています。途中で期限を迎える処理は、順番に実行されます。戻すことはできません。',
    now: '時計の時刻',
    advance: '時計を進める',
    day: '日付',
    time: '時刻（{zone}）',
    submit: 'この時刻まで進める',
    next: '次の予定まで進める',
    to: '{at}まで進める',
    due: '次に期限を迎える処理',
    job: 'ジョブ',
    at: '予定',
    nothing: '現在、予定はありません。',
    advanced: '時計は{at}になりました。途中で実行されたジョブ：{count}件。',
  },
} as const satisfies Record<Language, object>;

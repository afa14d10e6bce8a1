import type { LineCode } from './cast.js';

/** Summaries of work, in a consultant's words. */
const sentences = {
  'technical-advice': {
    en: ['Advised on {topic}', 'Answered questions about {topic}', 'Design call on {topic}'],
    ja: ['{topic}に関する技術相談への回答', '{topic}の設計についての打ち合わせ', '{topic}の構成案へのレビューコメント'],
  },
  'best-practice': {
    en: ['Reviewed {topic} against good practice', 'Wrote recommendations for {topic}'],
    ja: ['{topic}のベストプラクティスに基づくレビュー', '{topic}に関する推奨事項の取りまとめ'],
  },
  'health-check': {
    en: ['Monthly health check: {topic}', 'Followed up on health check findings: {topic}'],
    ja: ['月次ヘルスチェック: {topic}', 'ヘルスチェック指摘事項のフォロー: {topic}'],
  },
  'gap-analysis': {
    en: ['Gap analysis of {topic}', 'Compared {topic} with the target state'],
    ja: ['{topic}のギャップ分析', '{topic}の現状と目標像の比較'],
  },
  upgrade: {
    en: ['Upgrade planning: {topic}', 'Accompanied the upgrade of {topic}'],
    ja: ['バージョンアップ計画の策定: {topic}', '{topic}のバージョンアップ作業支援'],
  },
  'feature-adoption': {
    en: ['Introduced new features for {topic}', 'Pilot of new functions in {topic}'],
    ja: ['{topic}の新機能紹介', '{topic}における新機能の試験導入支援'],
  },
  enablement: {
    en: ['Team training: {topic}', 'Hands-on session on {topic}'],
    ja: ['運用チーム向け勉強会: {topic}', '{topic}のハンズオン'],
  },
} as const;

export type DemoActivity = keyof typeof sentences;

const topics: Record<LineCode, { en: string[]; ja: string[] }> = {
  BKP: {
    en: ['retention policies', 'restore tests', 'immutable copies', 'the backup window'],
    ja: ['保持ポリシー', 'リストアテスト', 'イミュータブルバックアップ', 'バックアップウィンドウ'],
  },
  STO: {
    en: ['storage tiering', 'replication lag', 'capacity planning', 'snapshot schedules'],
    ja: ['ストレージ階層化', 'レプリケーション遅延', '容量計画', 'スナップショット設計'],
  },
  SEC: {
    en: ['firewall rule sets', 'network segmentation', 'remote access', 'intrusion alerts'],
    ja: ['ファイアウォールルール', 'ネットワーク分離', 'リモートアクセス', '侵入検知アラート'],
  },
  IDM: {
    en: ['single sign-on', 'role models', 'joiner and leaver flows', 'privileged accounts'],
    ja: ['シングルサインオン', 'ロール設計', '入退社プロセス連携', '特権 ID 管理'],
  },
  OBS: {
    en: ['alert noise', 'service level dashboards', 'trace sampling', 'log retention'],
    ja: ['アラートの整理', 'サービスレベルのダッシュボード', 'トレースのサンプリング', 'ログ保管'],
  },
  VRT: {
    en: ['cluster sizing', 'live migration', 'host patching', 'template hygiene'],
    ja: ['クラスターのサイジング', 'ライブマイグレーション', 'ホストのパッチ適用', 'テンプレート整備'],
  },
};

/** A summary about the product line in the customer's language. `random` returns a number in [0, 1) and makes the choice. */
export function summaryOf(locale: 'en' | 'ja', line: LineCode, activity: DemoActivity, random: () => number): string {
  const pick = (texts: readonly string[]): string => texts[Math.floor(random() * texts.length)]!;
  return pick(sentences[activity][locale]).replace('{topic}', pick(topics[line][locale]));
}

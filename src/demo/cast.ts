/** The people and customers of the sample year. The story enters them; generate-entries.ts makes the time entries from them. */

export type DemoPackageCode = 'basic' | 'premier' | 'enterprise' | 'dedicated';

export const consultants = {
  tanaka: { name: 'Yoko Tanaka', email: 'yoko.tanaka@trm.example' },
  sato: { name: 'Kenji Sato', email: 'kenji.sato@trm.example' },
  watanabe: { name: 'Mei Watanabe', email: 'mei.watanabe@trm.example' },
  brooks: { name: 'Daniel Brooks', email: 'daniel.brooks@trm.example' },
  raman: { name: 'Priya Raman', email: 'priya.raman@trm.example' },
  vogt: { name: 'Lena Vogt', email: 'lena.vogt@trm.example' },
  oconnor: { name: 'Liam O’Connor', email: 'liam.oconnor@trm.example' },
} as const;
export type ConsultantKey = keyof typeof consultants;

export const productLines = {
  BKP: 'Backup & Recovery',
  STO: 'Storage',
  SEC: 'Network Security',
  IDM: 'Identity Management',
  OBS: 'Observability',
  VRT: 'Virtualization',
} as const;
export type LineCode = keyof typeof productLines;

export const csms = {
  aiko: {
    name: 'Aiko Mori',
    email: 'aiko.mori@trm.example',
    region: 'Japan',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
  },
  jonas: {
    name: 'Jonas Weber',
    email: 'jonas.weber@trm.example',
    region: 'Europe and India',
    locale: 'en',
    timeZone: 'Europe/Berlin',
  },
  emily: {
    name: 'Emily Carter',
    email: 'emily.carter@trm.example',
    region: 'Americas and Australia',
    locale: 'en',
    timeZone: 'America/New_York',
  },
} as const;
export type CsmKey = keyof typeof csms;

export interface Share {
  consultant: ConsultantKey;
  line: LineCode;
  minutes: number;
}

export interface Stay {
  startsOn: string;
  endsOn: string;
  place: string;
  purpose: string;
  consultants: ConsultantKey[];
  minutesADay: number;
}

export interface DemoCustomer {
  name: string;
  locale: 'en' | 'ja';
  timeZone: string;
  country: string;
  csm: CsmKey;
  contact: { name: string; email: string };
  package: DemoPackageCode;
  /** The anchor. If it lies before the story, the contract existed before the service did. */
  startsOn: string;
  pacePolicy?: 'advise' | 'enforce';
  /** The allocations: who supports which product line, and the minutes in a term. */
  shares: Share[];
  upgrade?: { on: string; package: DemoPackageCode; shares: Share[] };
  visits: Stay[];
  learners: { learnerName: string; learnerEmail: string }[];
  /** The share of the even pace that the customer uses, and the first day of its entries. */
  use: { percentOfPlan: number; from: string; notIn?: string };
}

const share = (consultant: ConsultantKey, line: LineCode, minutes: number): Share => ({ consultant, line, minutes });

const stay = (
  startsOn: string,
  endsOn: string,
  place: string,
  purpose: string,
  minutesADay: number,
  ...who: ConsultantKey[]
): Stay => ({ startsOn, endsOn, place, purpose, consultants: who, minutesADay });

const learner = (learnerName: string, learnerEmail: string) => ({ learnerName, learnerEmail });

export const customers = {
  sakura: {
    name: 'さくら銀行 (Sakura Bank)',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    csm: 'aiko',
    contact: { name: '小林 直樹', email: 'kobayashi@sakura-bank.example' },
    package: 'dedicated',
    startsOn: '2026-04-01',
    shares: [
      share('tanaka', 'BKP', 32_000),
      share('tanaka', 'STO', 12_000),
      share('sato', 'STO', 22_000),
      share('watanabe', 'SEC', 24_000),
    ],
    visits: [
      stay('2026-05-18', '2026-05-20', '東京本店', '災害復旧訓練の立ち会い', 420, 'tanaka', 'sato'),
      stay('2026-08-24', '2026-08-25', '大阪システムセンター', 'ストレージ更改の現地支援', 420, 'sato'),
      stay('2026-11-09', '2026-11-11', '東京本店', 'セキュリティ点検', 420, 'watanabe'),
      stay('2027-02-15', '2027-02-17', '東京本店', '年次レビューと次年度計画', 360, 'tanaka', 'watanabe'),
    ],
    learners: [
      learner('小林 直樹', 'kobayashi@sakura-bank.example'),
      learner('石井 美咲', 'ishii@sakura-bank.example'),
      learner('森田 健', 'morita@sakura-bank.example'),
    ],
    use: { percentOfPlan: 86, from: '2026-04-01' },
  },
  minato: {
    name: 'みなと電機 (Minato Electric)',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    csm: 'aiko',
    contact: { name: '高橋 恵', email: 'takahashi@minato-electric.example' },
    package: 'premier',
    startsOn: '2026-04-01',
    shares: [share('sato', 'STO', 6_000), share('watanabe', 'BKP', 4_000)],
    visits: [
      stay('2026-06-09', '2026-06-10', '横浜工場', '仮想化基盤の健全性診断', 420, 'sato', 'watanabe'),
      stay('2026-11-17', '2026-11-18', '横浜工場', 'バックアップ運用の引き継ぎ', 480, 'sato'),
    ],
    learners: [learner('高橋 恵', 'takahashi@minato-electric.example')],
    use: { percentOfPlan: 90, from: '2026-04-01' },
  },
  hokuriku: {
    name: '北陸化学 (Hokuriku Chemical)',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    csm: 'aiko',
    contact: { name: '中川 徹', email: 'nakagawa@hokuriku-chem.example' },
    package: 'basic',
    startsOn: '2026-04-01',
    shares: [share('watanabe', 'SEC', 5_000)],
    upgrade: {
      on: '2026-10-01',
      package: 'premier',
      shares: [share('watanabe', 'SEC', 5_400), share('tanaka', 'IDM', 2_600)],
    },
    visits: [stay('2027-01-19', '2027-01-20', '金沢本社', 'ID 基盤の設計ワークショップ', 360, 'tanaka', 'watanabe')],
    learners: [learner('中川 徹', 'nakagawa@hokuriku-chem.example')],
    use: { percentOfPlan: 92, from: '2026-04-01' },
  },
  fujimi: {
    name: '富士見運輸 (Fujimi Logistics)',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    csm: 'aiko',
    contact: { name: '松本 彩', email: 'matsumoto@fujimi-logi.example' },
    package: 'enterprise',
    startsOn: '2026-04-01',
    shares: [share('sato', 'VRT', 12_000), share('tanaka', 'BKP', 8_000)],
    visits: [
      stay('2026-07-14', '2026-07-15', '静岡物流センター', '仮想基盤の移行リハーサル', 420, 'sato', 'tanaka'),
      stay('2026-10-20', '2026-10-21', '静岡物流センター', '仮想基盤の本番移行', 480, 'sato'),
    ],
    learners: [learner('松本 彩', 'matsumoto@fujimi-logi.example'), learner('大野 隆', 'ono@fujimi-logi.example')],
    use: { percentOfPlan: 62, from: '2026-04-01' },
  },
  aoba: {
    name: 'あおば製薬 (Aoba Pharma)',
    locale: 'ja',
    timeZone: 'Asia/Tokyo',
    country: 'JP',
    csm: 'aiko',
    contact: { name: '斎藤 由紀', email: 'saito@aoba-pharma.example' },
    package: 'premier',
    startsOn: '2025-12-01',
    shares: [share('watanabe', 'SEC', 5_000), share('sato', 'VRT', 5_000)],
    visits: [stay('2026-09-15', '2026-09-16', '仙台研究所', 'ネットワーク分離の点検', 420, 'watanabe')],
    learners: [learner('斎藤 由紀', 'saito@aoba-pharma.example'), learner('遠藤 誠', 'endo@aoba-pharma.example')],
    use: { percentOfPlan: 88, from: '2025-12-01' },
  },
  hudson: {
    name: 'Hudson Insurance',
    locale: 'en',
    timeZone: 'America/New_York',
    country: 'US',
    csm: 'emily',
    contact: { name: 'Grace Miller', email: 'grace.miller@hudson-insurance.example' },
    package: 'enterprise',
    startsOn: '2026-04-01',
    shares: [share('brooks', 'SEC', 14_000), share('brooks', 'OBS', 7_240), share('raman', 'OBS', 1_800)],
    visits: [
      stay('2026-06-23', '2026-06-25', 'New York office', 'Zero-trust design workshop', 420, 'brooks'),
      stay('2026-12-08', '2026-12-09', 'New York office', 'Year-end change freeze review', 360, 'brooks'),
    ],
    learners: [learner('Grace Miller', 'grace.miller@hudson-insurance.example')],
    use: { percentOfPlan: 88, from: '2026-04-01' },
  },
  goldenGate: {
    name: 'Golden Gate Robotics',
    locale: 'en',
    timeZone: 'America/Los_Angeles',
    country: 'US',
    csm: 'emily',
    contact: { name: 'Marcus Lee', email: 'marcus.lee@gg-robotics.example' },
    package: 'premier',
    startsOn: '2026-04-01',
    pacePolicy: 'enforce',
    shares: [share('brooks', 'VRT', 6_000), share('oconnor', 'STO', 4_500)],
    visits: [stay('2026-09-22', '2026-09-22', 'Oakland plant', 'Factory cluster review', 420, 'brooks')],
    learners: [learner('Marcus Lee', 'marcus.lee@gg-robotics.example')],
    use: { percentOfPlan: 90, from: '2026-04-01' },
  },
  maple: {
    name: 'Maple Retail',
    locale: 'en',
    timeZone: 'America/Toronto',
    country: 'CA',
    csm: 'emily',
    contact: { name: 'Sophie Tremblay', email: 'sophie.tremblay@maple-retail.example' },
    package: 'basic',
    startsOn: '2026-04-01',
    shares: [share('brooks', 'IDM', 4_800)],
    visits: [],
    learners: [learner('Sophie Tremblay', 'sophie.tremblay@maple-retail.example')],
    use: { percentOfPlan: 48, from: '2026-04-01' },
  },
  harbour: {
    name: 'Harbour Mining',
    locale: 'en',
    timeZone: 'Australia/Sydney',
    country: 'AU',
    csm: 'emily',
    contact: { name: 'Olivia Harris', email: 'olivia.harris@harbour-mining.example' },
    package: 'basic',
    startsOn: '2026-04-01',
    shares: [share('oconnor', 'BKP', 5_000)],
    visits: [],
    learners: [learner('Olivia Harris', 'olivia.harris@harbour-mining.example')],
    use: { percentOfPlan: 74, from: '2026-04-01' },
  },
  alster: {
    name: 'Alster Logistik GmbH',
    locale: 'en',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    csm: 'jonas',
    contact: { name: 'Katrin Schäfer', email: 'katrin.schaefer@alster-logistik.example' },
    package: 'enterprise',
    startsOn: '2025-07-01',
    shares: [share('vogt', 'OBS', 11_000), share('raman', 'SEC', 9_000)],
    visits: [
      stay('2026-05-05', '2026-05-07', 'Hamburg', 'Monitoring roll-out at the port terminal', 420, 'vogt'),
      stay('2026-10-13', '2026-10-14', 'Hamburg', 'Peak season readiness', 420, 'vogt', 'raman'),
    ],
    learners: [learner('Katrin Schäfer', 'katrin.schaefer@alster-logistik.example')],
    use: { percentOfPlan: 84, from: '2025-07-01' },
  },
  spreewerk: {
    name: 'Spreewerk Maschinenbau GmbH',
    locale: 'en',
    timeZone: 'Europe/Berlin',
    country: 'DE',
    csm: 'jonas',
    contact: { name: 'Thomas Krüger', email: 'thomas.krueger@spreewerk.example' },
    package: 'premier',
    startsOn: '2024-02-29',
    shares: [share('vogt', 'STO', 6_000), share('oconnor', 'BKP', 4_000)],
    visits: [stay('2026-06-16', '2026-06-17', 'Berlin plant', 'Restore test with the shop floor', 420, 'vogt')],
    learners: [learner('Thomas Krüger', 'thomas.krueger@spreewerk.example')],
    use: { percentOfPlan: 85, from: '2025-12-01' },
  },
  deccan: {
    name: 'Deccan Software',
    locale: 'en',
    timeZone: 'Asia/Kolkata',
    country: 'IN',
    csm: 'jonas',
    contact: { name: 'Anjali Rao', email: 'anjali.rao@deccan-software.example' },
    package: 'basic',
    startsOn: '2025-10-01',
    shares: [share('raman', 'OBS', 4_800)],
    visits: [],
    learners: [learner('Anjali Rao', 'anjali.rao@deccan-software.example')],
    use: { percentOfPlan: 105, from: '2025-10-01', notIn: '2026-09' },
  },
} satisfies Record<string, DemoCustomer>;

export type CustomerKey = keyof typeof customers;

export const customerKeys = Object.keys(customers) as CustomerKey[];
export const customer = (key: CustomerKey): DemoCustomer => customers[key];

/** The first and last day of the story. Earlier work is the history of existing contracts. */
export const yearStartsOn = '2026-04-01';
export const yearEndsOn = '2027-03-31';

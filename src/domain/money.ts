/**
 * The currencies in which one pays (ISO 4217, without funds, metals and codes for tests), by their decimal places. What
 * JavaScript knows of them is how prices are shown, which leaves out the fillér and the like.
 */
const currenciesByDecimals: readonly (readonly [decimals: number, currencies: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC ' +
      'CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD ' +
      'KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO ' +
      'NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL ' +
      'THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
];

const decimalsOf = new Map(
  currenciesByDecimals.flatMap(([decimals, currencies]) =>
    currencies.split(' ').map((currency) => [currency, decimals] as const),
  ),
);

/** A currency of ISO 4217 in three capital letters. */
export function isCurrency(value: unknown): value is string {
  return typeof value === 'string' && decimalsOf.has(value);
}

/** How many decimal places amounts in the currency have: 2 in USD, none in JPY, 3 in KWD. */
export function currencyDecimals(currency: string): number {
  const decimals = decimalsOf.get(currency);
  if (decimals === undefined) throw new Error(`${currency} is not a currency`);
  return decimals;
}

/** What is below ten thousand million is an expense; what is above was meant otherwise. */
const amountForm = /^(?:0|[1-9]\d{0,9})(?:\.\d{1,4})?$/;

/** An amount above 0, written out: digits, and decimal places after a point. */
export function isAmount(value: unknown): value is string {
  return typeof value === 'string' && amountForm.test(value) && /[1-9]/.test(value);
}

/**
 * The amount with all decimal places of its currency, exactly: `12.5` in USD is `12.50`. Undefined where it has more
 * places than the currency, even if they hold zeros: who writes `100.00` in JPY may have meant another currency.
 */
export function amountIn(currency: string, amount: string): string | undefined {
  const [whole = '', places = ''] = amount.split('.');
  const decimals = currencyDecimals(currency);
  if (places.length > decimals) return undefined;
  return decimals === 0 ? whole : `${whole}.${places.padEnd(decimals, '0')}`;
}

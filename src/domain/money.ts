/**
 * The ISO 4217 currencies by their decimal places, without funds, metals and test codes. `Intl` is no substitute: it gives the
 * usual decimal places of prices, and so drops small units such as the Hungarian fillér.
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

/** Whether the value is an ISO 4217 currency in three capital letters. */
export function isCurrency(value: unknown): value is string {
  return typeof value === 'string' && decimalsOf.has(value);
}

/** How many decimal places amounts in the currency have: 2 in USD, none in JPY, 3 in KWD. */
export function currencyDecimals(currency: string): number {
  const decimals = decimalsOf.get(currency);
  if (decimals === undefined) throw new Error(`${currency} is not a currency`);
  return decimals;
}

/** Below 10,000,000,000: a larger amount is a typing error. */
const amountForm = /^(?:0|[1-9]\d{0,9})(?:\.\d{1,4})?$/;

/** Whether the value is an amount above 0: digits, and decimal places after a point. */
export function isAmount(value: unknown): value is string {
  return typeof value === 'string' && amountForm.test(value) && /[1-9]/.test(value);
}

/**
 * The amount with all decimal places of its currency: `12.5` in USD is `12.50`. Undefined if it has more decimal places than
 * the currency, even zeros: `100.00` in JPY may mean another currency.
 */
export function amountIn(currency: string, amount: string): string | undefined {
  const [whole = '', places = ''] = amount.split('.');
  const decimals = currencyDecimals(currency);
  if (places.length > decimals) return undefined;
  return decimals === 0 ? whole : `${whole}.${places.padEnd(decimals, '0')}`;
}

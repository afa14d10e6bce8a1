import { amountIn, currencyDecimals, isAmount, isCurrency } from './money.js';

test.each`
  currency | decimals
  ${'JPY'} | ${0}
  ${'USD'} | ${2}
  ${'HUF'} | ${2}
  ${'KWD'} | ${3}
`('$currency has $decimals decimal places', ({ currency, decimals }) => {
  expect(isCurrency(currency)).toBe(true);
  expect(currencyDecimals(currency as string)).toBe(decimals);
});

test.each(['jpy', 'YEN', 'XAU', 'XXX', 'DEM', '', ' JPY', 392, null])('%p is no currency to pay in', (value) => {
  expect(isCurrency(value)).toBe(false);
});

test.each`
  currency | amount             | kept
  ${'JPY'} | ${'12345'}         | ${'12345'}
  ${'JPY'} | ${'123.45'}        | ${undefined}
  ${'JPY'} | ${'123.0'}         | ${undefined}
  ${'USD'} | ${'123.45'}        | ${'123.45'}
  ${'USD'} | ${'12.5'}          | ${'12.50'}
  ${'USD'} | ${'12'}            | ${'12.00'}
  ${'USD'} | ${'0.01'}          | ${'0.01'}
  ${'USD'} | ${'0.001'}         | ${undefined}
  ${'KWD'} | ${'0.001'}         | ${'0.001'}
  ${'EUR'} | ${'9999999999.99'} | ${'9999999999.99'}
`('$amount in $currency is kept as $kept', ({ currency, amount, kept }) => {
  expect(isAmount(amount)).toBe(true);
  expect(amountIn(currency as string, amount as string)).toBe(kept);
});

test.each([
  '0',
  '0.00',
  '-1',
  '+1',
  '1.',
  '.5',
  '01',
  '1,000',
  '1e3',
  ' 1',
  '1 ',
  '１２',
  '10000000000',
  '1.00000',
  'NaN',
  '',
  '1\n',
  12,
  null,
])('%p is no amount', (value) => {
  expect(isAmount(value)).toBe(false);
});

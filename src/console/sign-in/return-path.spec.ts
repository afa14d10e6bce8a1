import { returnPath } from './return-path.js';

test.each([
  ['/console', '/console'],
  ['/console/today', '/console/today'],
  ['/console/portfolio?sort=attention&csmId=1', '/console/portfolio?sort=attention&csmId=1'],
  ['/console?x=%2F%2Fevil.example', '/console?x=%2F%2Fevil.example'],
])('%s leads back to %s', (asked, path) => {
  expect(returnPath(asked)).toBe(path);
});

test.each([
  undefined,
  '',
  '/',
  '/docs',
  '/consoles',
  'console/today',
  'https://evil.example/console/today',
  '//evil.example/console',
  '/\\evil.example',
  '/console/\\evil.example',
  '/console//evil.example',
  '/console/../docs',
  '/console/%2e%2e/docs',
  '/console/today\r\nset-cookie: a=b',
  '/console/today\t',
  '/console/sign-in',
  '/console/sign-in/token',
  '/console/sign-out',
  '/console/./sign-out',
  `/console/${'a'.repeat(500)}`,
  ['/console/today'],
])('%j leads nowhere', (asked) => {
  expect(returnPath(asked)).toBeUndefined();
});

import settings from './jest.config.mjs';

/** Tests of the pages in Chromium, which must be installed at /usr/bin/chromium or at the path in CHROMIUM. */
export default {
  ...settings,
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  testTimeout: 60_000,
};

import settings from './jest.config.mjs';

/** The pages in Chromium, which must be installed: at /usr/bin/chromium, or where CHROMIUM says. */
export default {
  ...settings,
  testMatch: ['<rootDir>/test/browser/**/*.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  // These are CommonJS as they are, and one of them minds being made strict.
  transformIgnorePatterns: ['/node_modules/(@axe-core|axe-core|playwright-core)/'],
  testTimeout: 60_000,
};

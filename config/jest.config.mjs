/** Nest 12 is ESM only, and Jest on Node 20 cannot require ES modules. So everything, also dependencies, is compiled to CommonJS. */
const swc = (parser) => [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      parser,
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        react: { runtime: 'automatic', importSource: '@kitajs/html' },
      },
      target: 'es2022',
      keepClassNames: true,
    },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

export default {
  rootDir: '..',
  testEnvironment: 'node',
  // By default, Jest leaves one core free.
  maxWorkers: '100%',
  // Long enough for a busy machine.
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  testMatch: ['<rootDir>/{src,test}/**/*.spec.ts'],
  // The browser tests need Chromium; see jest.browser.config.mjs.
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/browser/'],
  moduleFileExtensions: ['js', 'mjs', 'cjs', 'ts', 'tsx', 'json'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1'] },
  transform: {
    '^.+\\.ts$': swc({ syntax: 'typescript', decorators: true }),
    '^.+\\.tsx$': swc({ syntax: 'typescript', decorators: true, tsx: true }),
    '^.+\\.m?js$': swc({ syntax: 'ecmascript' }),
  },
  transformIgnorePatterns: [],
};

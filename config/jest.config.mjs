/** Compiles the project's files to CommonJS, as the build does. */
const swc = (tsx) => [
  '@swc/jest',
  {
    swcrc: false,
    jsc: {
      parser: { syntax: 'typescript', decorators: true, tsx },
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
  testEnvironment: '<rootDir>/config/jest/environment.cjs',
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
    '/node_modules/.+\\.[cm]?js$': '<rootDir>/config/jest/installed-package.cjs',
    '^.+\\.ts$': swc(false),
    '^.+\\.tsx$': swc(true),
  },
  // By default, Jest leaves packages as they are, and loads them for each spec file.
  transformIgnorePatterns: [],
};

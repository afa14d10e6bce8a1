import { basename } from 'node:path';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const environment = 'Only src/platform/settings/config.ts reads the environment.';
const time = 'Only src/platform/clock.ts reads the time: ask the Clock, or take the day or the instant as a parameter.';
const chance = 'The contract leaves nothing to chance: take what is random as a parameter.';

const readsEnvironment = [
  { selector: "MemberExpression[object.name='process'][property.name='env']", message: environment },
  { selector: "VariableDeclarator[init.name='process'] Property[key.name='env']", message: environment },
  { selector: 'ImportDeclaration[source.value=/^(node:)?process$/]', message: environment },
];
const readsTime = [
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: time },
  { selector: "CallExpression[callee.name='Date']", message: time },
  { selector: "MemberExpression[object.name='Date'][property.name='now']", message: time },
  { selector: "MemberExpression[object.name='Temporal'][property.name='Now']", message: time },
];
const readsChance = [{ selector: "MemberExpression[object.name='Math'][property.name='random']", message: chance }];
const forbidden = (...groups) => ({ 'no-restricted-syntax': ['error', ...groups.flat()] });

const house = {
  rules: {
    /** File names that say nothing about their content. */
    'name-says-something': {
      create: (context) => ({
        Program(node) {
          const word = basename(context.filename)
            .split(/[.-]/)
            .find((part) => /^(utils?|helpers?|managers?|common|base|index|misc)$/i.test(part));
          if (word) context.report({ node, message: `"${word}" says nothing: name the file after its question.` });
        },
      }),
    },
  },
};

export default defineConfig(
  { ignores: ['dist/', '.build-*/', 'coverage/', 'node_modules/', '.data/', '.demo/', '.screenshots/'] },
  {
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { house },
    rules: {
      'house/name-says-something': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx', 'hack'], location: 'anywhere' }],
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
      'object-shorthand': 'error',
      'no-eval': 'error',
      'no-debugger': 'error',
      'no-self-compare': 'error',
      'no-template-curly-in-string': 'error',
      'no-unreachable': 'error',
      'no-unsafe-finally': 'error',
      'no-constant-condition': 'error',
      'no-fallthrough': 'error',
      'no-useless-escape': 'error',
      'no-irregular-whitespace': 'error',
      'no-misleading-character-class': 'error',
      'no-dupe-else-if': 'error',
      'no-duplicate-case': 'error',
      'no-empty': 'error',
    },
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: process.cwd() } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // Numbers are readable in template strings; objects, null and undefined are not.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allow: ['Error', 'URL', 'URLSearchParams'] },
      ],
      '@typescript-eslint/no-confusing-void-expression': [
        'error',
        { ignoreArrowShorthand: true, ignoreVoidReturningFunctions: true },
      ],
      // Nest modules are empty classes with a decorator.
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      // `!` is allowed where another check guarantees a value: a validated body, an index within its bounds.
      '@typescript-eslint/no-non-null-assertion': 'off',
      // `query<Row>` and similar functions declare the shape of a row, which the compiler cannot infer.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // DTOs and entities are classes only because of their decorators; their values are plain objects.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-misused-spread': 'off',
      // Libraries export some numbers as enums, and the code compares them with plain numbers.
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      // The types of libraries promise more than the libraries do, so a check at the border may look unnecessary.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // `void (await …)` marks an answer that is not used.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // A synchronous method may implement an interface that returns a Promise.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['src/**/*.{ts,tsx}'],
    ignores: ['src/**/*.spec.ts'],
    rules: forbidden(readsEnvironment, readsTime),
  },
  { files: ['src/platform/settings/config.ts'], rules: forbidden(readsTime) },
  // The demo and the import are separate programs, and cannot use the service's settings.
  { files: ['src/demo/**/*.ts', 'src/import/**/*.ts'], rules: forbidden(readsTime) },
  { files: ['src/platform/clock.ts'], rules: forbidden(readsEnvironment) },
  {
    files: ['src/domain/**/*.ts'],
    ignores: ['src/domain/**/*.spec.ts'],
    rules: forbidden(readsEnvironment, readsTime, readsChance),
  },
  {
    // HTTP answers have no static type, and Jest's matchers are passed unbound. Tests assert what they read.
    files: ['**/*.spec.ts', 'test/**/*.ts'],
    rules: {
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
);

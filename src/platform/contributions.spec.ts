import { Contributions } from './contributions.js';

class Steps extends Contributions<'write' | 'mail', number> {
  constructor() {
    super(['write', 'mail']);
  }
}

test('contributions come in the order of the list, not of their registration', () => {
  const steps = new Steps();
  steps.register('mail', 2);
  steps.register('write', 1);
  expect(steps.inOrder()).toEqual([1, 2]);
});

test('a missing contribution stops the start, and an unlisted or repeated contribution is refused', () => {
  const steps = new Steps();
  steps.register('write', 1);
  expect(() => steps.onApplicationBootstrap()).toThrow('No room has registered mail in Steps');
  expect(() => steps.register('write', 2)).toThrow('write is registered twice in Steps');
  expect(() => steps.register('print' as 'write', 3)).toThrow('Steps does not list print');
  steps.register('mail', 2);
  expect(() => steps.onApplicationBootstrap()).not.toThrow();
});

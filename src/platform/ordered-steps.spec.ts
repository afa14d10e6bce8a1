import { OrderedSteps } from './ordered-steps.js';

test('steps are returned in the order of the list, whatever the order in which they were registered', () => {
  const steps = new OrderedSteps<'write' | 'mail', number>(['write', 'mail']);
  steps.register('mail', 2);
  steps.register('write', 1);
  expect(steps.inOrder()).toEqual([1, 2]);
});

test('a missing, an unknown and a repeated step are errors', () => {
  const steps = new OrderedSteps<string, number>(['write', 'mail']);
  steps.register('write', 1);
  expect(() => steps.inOrder()).toThrow('No room has registered the step mail');
  expect(() => steps.register('write', 2)).toThrow('The step write is registered twice');
  expect(() => steps.register('print', 3)).toThrow('The list of steps does not contain print');
});

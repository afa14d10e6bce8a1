/** `npm run demo`: checks its options first, then builds the service and plays the year. */
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const help = `npm run demo [-- options]

Plays a sample year of the TRM service through its REST interface, with its own database in .demo.
The service then runs until it is stopped with Ctrl-C.

  --exit   ends when the year is played
  --help   prints this text`;

function optionsOf(given) {
  try {
    return parseArgs({ args: given, options: { exit: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } } })
      .values;
  } catch (error) {
    console.error(`${error.message}\n\n${help}`);
    process.exit(2);
  }
}

if (optionsOf(process.argv.slice(2)).help) console.log(help);
else {
  const code = build();
  if (code === 0) await import('../dist/src/demo/main.js');
  else process.exitCode = code;
}

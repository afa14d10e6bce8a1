/**
 * A process of `npm run dev`. It loads the packages while the previous service still runs, and starts the service on request. This
 * halves the time of a restart.
 */
const { dependencies } = require('../package.json');

for (const name of Object.keys(dependencies)) {
  try {
    require(name);
  } catch {
    // A package without a main file is loaded later, when the service imports its parts.
  }
}

process.once('message', ({ program, debug }) => {
  // A signal from the parent stops the service, so the channel is no longer needed.
  process.disconnect();
  if (debug) require('node:inspector').open();
  require(program);
});

/**
 * A process of `npm run dev`. It loads the packages while the service before it still runs, and the service itself when it is asked to:
 * a restart then takes half of the time.
 */
const { dependencies } = require('../package.json');

for (const name of Object.keys(dependencies)) {
  try {
    require(name);
  } catch {
    // A package without a main file is loaded by its parts, when the service asks for them.
  }
}

process.once('message', ({ program, debug }) => {
  // The parent's signal stops the service, so no channel needs to stay open.
  process.disconnect();
  if (debug) require('node:inspector').open();
  require(program);
});

import { spawnSync } from 'node:child_process';

/** In CI curl must exist, so that its tests fail there instead of being skipped. */
const needsCurl = spawnSync('curl', ['--version']).status === 0 || process.env.CI === 'true';

/** `it` for tests with curl. `npm test` needs only Node and npm, so a machine without curl skips them. */
export const itWithCurl = needsCurl ? it : it.skip;

import { spawnSync } from 'node:child_process';

/** In CI curl must be there: a test that cannot run there fails. */
const curlExpected = spawnSync('curl', ['--version']).status === 0 || process.env.CI === 'true';

/** `it`, for what only curl can show. `npm test` needs only Node and npm, so a machine without curl skips it. */
export const itWithCurl = curlExpected ? it : it.skip;

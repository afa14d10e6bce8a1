/**
 * Checks test/openapi.json against config/redocly.yaml. Telemetry and update checks of the linter are off, so the check works without
 * a network.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { resolve } = createRequire(import.meta.url);
const linter = join(resolve('@redocly/cli/package.json'), '..', 'bin', 'cli.js');

const { status } = spawnSync(
  process.execPath,
  [linter, 'lint', '--config', 'config/redocly.yaml', 'test/openapi.json'],
  {
    stdio: 'inherit',
    env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
  },
);
process.exitCode = status ?? 1;

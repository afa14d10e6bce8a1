import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { misconfigured } from './start-error.js';

/**
 * Adds the variables in the file `.env` of the working directory to the environment, if there is such a file. A variable that is
 * already set keeps its value, even an empty one.
 * @throws StartError if the file cannot be read
 */
export function readEnvFile(): void {
  const path = resolve('.env');
  if (!existsSync(path)) return;
  try {
    process.loadEnvFile(path);
  } catch (error) {
    throw misconfigured(`The settings in ${path} cannot be read: ${(error as Error).message}`);
  }
}

import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A path inside the project, e.g. `projectPath('migrations')`. The code runs both from `src/` and from `dist/src/`, and may be
 * started from any folder, so the root is the nearest folder above this file that holds the package.
 */
export const projectPath = (...parts: string[]): string => join(root(), ...parts);

function root(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder)
      throw new Error(`No package.json above ${__dirname}: migrations and settings cannot be found`);
    folder = above;
  }
  return folder;
}

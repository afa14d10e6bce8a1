import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * A path inside the project, e.g. `projectPath('migrations')`. The code runs from `src/` or `dist/src/`, in any working directory. So
 * the root is the nearest folder above this file with a `package.json`.
 */
export const projectPath = (...parts: string[]): string => join(root(), ...parts);

function root(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder)
      throw new Error(`There is no package.json above ${__dirname}, so migrations and settings cannot be found`);
    folder = above;
  }
  return folder;
}

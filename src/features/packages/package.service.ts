import { packageCodes, packageOn, type PackageTable, type PackageVersion } from '../../domain/package.js';
import type { Language } from '../../domain/language.js';
import type { PackageAnswer, PackageList } from './package.dto.js';

/** The published table (§1), read once at the start. */
export class PackageService {
  constructor(readonly table: PackageTable) {}

  /** All packages in the version sold on a day. Default: the newest version. */
  list(on: string | undefined, language: Language): PackageList {
    const versions = packageCodes.map((code) =>
      on === undefined ? this.table[code][0] : packageOn(this.table, code, on),
    );
    return { data: versions.filter((version) => version !== undefined).map((version) => show(version, language)) };
  }
}

function show({ effectiveOn: _effectiveOn, name, ...numbers }: PackageVersion, language: Language): PackageAnswer {
  return { ...numbers, name: name[language] };
}

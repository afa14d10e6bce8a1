import { packageCodes, packageOn, type PackageTable, type PackageVersion } from '../../domain/package.js';
import type { Language } from '../../platform/http/language.js';
import type { PackageShown, PackagesShown } from './packages.dto.js';

/** The published table (§1), read once at the start. */
export class PackageService {
  constructor(readonly table: PackageTable) {}

  /** The packages as they are sold on a day, or in their newest version. */
  list(on: string | undefined, language: Language): PackagesShown {
    const versions = packageCodes.map((code) =>
      on === undefined ? this.table[code][0] : packageOn(this.table, code, on),
    );
    return { data: versions.filter((version) => version !== undefined).map((version) => show(version, language)) };
  }
}

function show({ effectiveOn: _effectiveOn, name, ...numbers }: PackageVersion, language: Language): PackageShown {
  return { ...numbers, name: name[language] };
}

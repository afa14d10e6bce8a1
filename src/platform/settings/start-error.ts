/** EX_CONFIG of sysexits.h: a supervisor can tell wrong settings from a crash and need not restart the service. */
export const exitCodeOfSettings = 78;

/** Why the service cannot start, in a sentence for the operator, who needs no stack. */
export class StartError extends Error {
  /** @param exitCode 1 where a later start may succeed as it is; `exitCodeOfSettings` where somebody must change something first */
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** As a StartError, for settings, or for a database that the service cannot use. */
export const misconfigured = (message: string): StartError => new StartError(message, exitCodeOfSettings);

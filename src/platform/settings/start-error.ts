/** EX_CONFIG of sysexits.h: it tells a supervisor that a restart will not help. */
export const exitCodeOfSettings = 78;

/** The reason why the service cannot start, as a sentence for the operator, printed without a stack. */
export class StartError extends Error {
  /** @param exitCode 1 if a later start may succeed; `exitCodeOfSettings` if the operator must change something first */
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}

/** A StartError for wrong settings or for a database that the service cannot use. */
export const misconfigured = (message: string): StartError => new StartError(message, exitCodeOfSettings);

import type { Config } from './settings/config.js';
import { misconfigured } from './settings/start-error.js';

/**
 * Runs `listen`, which opens HOST and PORT.
 * @throws StartError with exit code 78 if the port is taken or forbidden, or if the host is not an address of this machine
 */
export async function listening<T>(
  { host, port }: Pick<Config, 'host' | 'port'>,
  listen: () => Promise<T>,
): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === undefined ? undefined : reasons[code]?.(host, port);
    throw reason === undefined ? error : misconfigured(reason);
  }
}

const noAddress = (host: string): string =>
  `HOST ${host} is no address of this machine. Try 127.0.0.1, or 0.0.0.0 for all.`;

const reasons: Readonly<Record<string, (host: string, port: number) => string>> = {
  EADDRINUSE: (host, port) =>
    `Another program already uses port ${port} on ${host}. Stop it, or set PORT to another one (0 takes any free port).`,
  EACCES: (host, port) => `This user may not open port ${port} on ${host}. Set PORT to 1024 or higher.`,
  EADDRNOTAVAIL: noAddress,
  ENOTFOUND: noAddress,
  EAI_AGAIN: noAddress,
};

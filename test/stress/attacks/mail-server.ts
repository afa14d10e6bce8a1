import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Attack } from './attack.js';
import { postRepeatedly, statuses } from './senders.js';

const runs = 4;

/** Mails are due, but the mail server accepts connections and never answers. */
export const hangingMailServer: Attack = {
  name: 'a hanging mail server',
  sentence: 'mails are due, but the mail server accepts connections and never answers',
  prepare: async () => {
    const server = await SilentMailServer.start();
    return { settings: { SMTP_URL: server.url, MAIL_FROM: 'trm@example.test' }, remove: () => server.stop() };
  },
  alsoMeasured: ({ adminToken }) => [
    { name: 'roll-overs', method: 'POST', token: adminToken, path: '/v1/jobs/term-roll-over/run' },
  ],
  begin: async (scene, service) => {
    const { attacker } = scene;
    // The confirmation of a notice is due at once.
    for (const { subscriptionId } of attacker.targets) {
      const notice = {
        party: 'customer',
        signedBy: 'Sato Hanako',
        channel: 'email',
        receivedAt: '2026-07-10T11:00:00Z',
      };
      await service.call('POST', `/v1/subscriptions/${subscriptionId}/non-renewal-notices`, notice);
    }
    const senders = postRepeatedly(service.port, scene.adminToken, runs, () => ({
      path: '/v1/jobs/mail-delivery/run',
    }));
    return {
      soFar: () => `the runs of mail-delivery got ${statuses(senders.outcomes)}`,
      end: () => senders.end(),
    };
  },
};

/** A mail server that accepts connections and never answers. */
class SilentMailServer {
  readonly #sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
      socket.resume();
    });
  }

  static async start(): Promise<SilentMailServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SilentMailServer(server);
  }

  get url(): string {
    return `smtp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.server.close();
    for (const socket of this.#sockets) socket.destroy();
  }
}

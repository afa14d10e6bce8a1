import { rmSync } from 'node:fs';

export default async function tearDown(): Promise<void> {
  const server = globalThis.testServer;
  if (!server) return;
  await server.postgres.stop();
  rmSync(server.folder, { recursive: true, force: true });
}

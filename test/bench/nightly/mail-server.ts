import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/*
 * A mail server in a process of its own, which takes every message and forgets it, or asks to come back later. It is told
 * which by messages of its parent, and tells it its port.
 */

let isAccepting = true;
process.on('message', (message) => {
  isAccepting = message === 'accept';
});
process.on('disconnect', () => process.exit(0));

const later = Object.assign(new Error('Please try again later'), { responseCode: 451 });
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['STARTTLS', 'AUTH'],
  onRcptTo: (_address, _session, callback) => callback(isAccepting ? null : later),
  onData: (stream, _session, callback) => {
    stream.resume().on('end', () => callback());
  },
});
server.listen(0, '127.0.0.1', () => process.send!((server.server.address() as AddressInfo).port));

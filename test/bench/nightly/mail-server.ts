import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/*
 * A mail server in its own process. It sends its port to the parent process. The parent's messages decide whether it accepts all
 * mails and discards them, or refuses all mails temporarily.
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

import { createReadStream } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Transform } from 'node:stream';

export interface Answer {
  status: number;
  body: unknown;
}

/** The service cannot be reached, or the connection ended before it answered. */
export class NoAnswer extends Error {}

/**
 * Streams a file from the disk in constant memory, and waits for the answer without a time limit. Calls `sent` with the number
 * of bytes sent. An early answer ends the sending.
 * @throws NoAnswer
 */
export function sendFile(
  { path, bytes }: { path: string; bytes: number },
  { url, token, language }: { url: URL; token: string; language: string },
  sent: (bytes: number) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'accept-language': language,
        'content-type': 'text/csv',
        'content-length': bytes,
      },
    });
    let total = 0;
    const counting = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        sent((total += chunk.length));
        done(null, chunk);
      },
    });
    // Stops at the announced length, because another program may still be writing to the file.
    const file = createReadStream(path, { end: Math.max(0, bytes - 1) });
    const failed = (error: Error): void => {
      file.destroy();
      request.destroy();
      reject(error);
    };
    file.on('error', failed);
    request.on('error', (error) => failed(new NoAnswer(reasonOf(error))));
    request.on('response', (response) => {
      file.unpipe();
      file.destroy();
      answerOf(response).then(resolve, (error: unknown) => failed(new NoAnswer(reasonOf(error))));
    });
    file.pipe(counting).pipe(request);
  });
}

async function answerOf(response: IncomingMessage): Promise<Answer> {
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString();
  try {
    return { status: response.statusCode!, body: JSON.parse(text) };
  } catch {
    return { status: response.statusCode!, body: undefined };
  }
}

/** For example `ECONNREFUSED`. If several addresses were tried, the error of the first. */
function reasonOf(error: unknown): string {
  const { code, message, errors } = error as NodeJS.ErrnoException & { errors?: unknown[] };
  return code ?? (errors?.[0] ? reasonOf(errors[0]) : message);
}

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { Json } from './client.js';
import type { TestService } from './service.js';
import { unzipped } from './unzipped.js';

/** The downloaded evidence of a term. */
export interface EvidenceZip {
  bytes: Buffer;
  headers: Headers;
  files: Map<string, Buffer>;
  json: (path: string) => Json;
}

/** Downloads the evidence of a term and unpacks it. */
export async function evidenceZip(service: TestService, termId: string, token: string): Promise<EvidenceZip> {
  const response = await fetch(`${service.baseUrl}/v1/terms/${termId}/evidence`, {
    headers: { authorization: `Bearer ${token}` },
  });
  if (response.status !== 200)
    throw new Error(`The download of the evidence failed: ${response.status} ${await response.text()}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  const files = await unzipped(bytes);
  const json = (path: string): Json => JSON.parse(files.get(path)!.toString());
  return { bytes, headers: response.headers, files, json };
}

/** Runs the script `check.mjs` of unpacked evidence; its exit code and output. */
export function runCheck(folder: string, ...args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(folder, 'check.mjs'), ...args], (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

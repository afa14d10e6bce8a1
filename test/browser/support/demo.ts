import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectPath } from '../../../src/platform/project-root.js';

/** A demo that has played its year and keeps running, with a sign-in link for each role. */
export interface RunningDemo {
  url: string;
  /** By role. */
  signInLinks: Readonly<Record<'admin' | 'csm' | 'finance' | 'customer', string>>;
  /** The customer's personal page from the newest reminder. */
  declineLink: string;
  stop(): Promise<void>;
}

/** Plays the demo in a folder of its own. Needs a build. */
export async function startDemo(): Promise<RunningDemo> {
  const folder = mkdtempSync(join(tmpdir(), 'trm-demo-'));
  const demo = spawn(process.execPath, [projectPath('dist', 'src', 'demo', 'main.js')], {
    env: { ...process.env, DEMO_FOLDER: join(folder, 'demo') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const text = await textUntil(demo, /Decline the renewal\s+(http\S+)/);
  const link = (role: string): string => {
    const found = new RegExp(`${role}.*?(http\\S+/console/sign-in/\\S+)`).exec(text)?.[1];
    if (found === undefined) throw new Error(`The demo prints no sign-in link of ${role}`);
    return found;
  };
  return {
    url: /Address\s+(http\S+)/.exec(text)![1]!,
    signInLinks: {
      admin: link('as an admin'),
      csm: link('as a CSM'),
      finance: link('as finance'),
      customer: link('as a customer'),
    },
    declineLink: /Decline the renewal\s+(http\S+)/.exec(text)![1]!,
    async stop() {
      demo.kill('SIGTERM');
      if (demo.exitCode === null) await once(demo, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What the demo has printed when `pattern` appears, without colours. */
function textUntil(demo: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    // The listener stays, so that the demo can print until it ends.
    demo.stdout!.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const plain = text.replace(/\u001b\[[0-9;]*m/g, '');
      if (pattern.test(plain)) resolve(plain);
    });
    demo.once('exit', () => reject(new Error(`The demo has ended: ${text.slice(-2_000)}`)));
  });
}

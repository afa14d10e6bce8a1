import { setTimeout as pause } from 'node:timers/promises';
import type { ParsedMail } from 'mailparser';
import { allMails } from './renewal.js';
import type { TestService } from './service.js';

/** The mails about signing in to an address, in the order in which they were written. Waits until there are `count`. */
export async function signInMails(service: TestService, address: string, count: number): Promise<ParsedMail[]> {
  for (;;) {
    const mails = (await allMails(service)).filter(
      (mail) => [mail.to].flat()[0]?.text.includes(address) && linkIn(mail) !== undefined,
    );
    if (mails.length >= count) return mails;
    await pause(20);
  }
}

/** The link in a mail, as the path below the address of the service. */
export const linkIn = ({ text }: ParsedMail): string | undefined =>
  /http:\/\/trm\.test(\/console\/sign-in\/\S+)/.exec(text ?? '')?.[1];

/** The path of the link in the newest of `count` mails to an address. */
export async function newestLink(service: TestService, address: string, count = 1): Promise<string> {
  return linkIn((await signInMails(service, address, count)).at(-1)!)!;
}

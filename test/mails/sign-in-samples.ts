import type { Language } from '../../src/domain/language.js';
import {
  invitationKind,
  signInLinkKind,
  type InvitationFacts,
  type SignInLinkFacts,
} from '../../src/features/sign-in/sign-in.mail.js';
import type { Sample } from './samples.js';

/** The mails with which a user signs in. */
export function signInSamples(language: Language): Sample[] {
  const linkId = '01a0b5c2-7d3e-7f10-9a4b-000000000007';
  const invitation: InvitationFacts = {
    linkId,
    invitedBy: language === 'ja' ? '田中 美香' : 'Mika Tanaka',
    expiresAt: '2027-01-25T01:00:00Z',
    timeZone: 'Asia/Tokyo',
  };
  const link: SignInLinkFacts = { linkId, returnTo: '/console/today' };
  const sample = { role: 'user' as const, queuedAt: '2027-01-18T01:00:00Z' };
  return [
    { ...sample, name: 'sign-in-link', kind: signInLinkKind, facts: link },
    { ...sample, name: 'invitation', kind: invitationKind, facts: invitation },
  ];
}

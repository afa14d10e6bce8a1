import { linkFault, mayGetLink } from './sign-in-link.js';

const at = (time: string): Date => new Date(`2027-03-01T${time}Z`);

describe('a link to sign in', () => {
  // prettier-ignore
  test.each<[expires: string, used: string | null, sameBrowser: boolean, now: string, fault: string | undefined]>([
    ['09:15:00', null,       true,  '09:14:59.999', undefined      ],
    ['09:15:00', null,       true,  '09:15:00',     'expired'      ],
    ['09:15:00', '09:01:00', true,  '09:02:00',     'used'         ],
    ['09:15:00', '09:01:00', false, '09:30:00',     'used'         ],
    ['09:15:00', null,       false, '09:01:00',     'other-browser'],
    ['09:15:00', null,       false, '09:15:00',     'expired'      ],
  ])('until %s, used at %s, in the same browser %s, has at %s the fault %s', (expires, used, isSameBrowser, now, fault) => {
    const usedAt = used === null ? null : at(used);
    expect(linkFault({ expiresAt: at(expires), usedAt, isSameBrowser }, at(now))).toBe(fault);
  });

  // prettier-ignore
  test.each<[sent: string[], now: string, may: boolean]>([
    [[],                                                         '09:00:00', true ],
    [['09:00:00', '09:01:00', '09:02:00', '09:03:00'],             '09:04:00', true ],
    [['09:00:00', '09:01:00', '09:02:00', '09:03:00', '09:04:00'], '09:14:59', false],
    [['09:00:00', '09:01:00', '09:02:00', '09:03:00', '09:04:00'], '09:15:00', true ], // the first is 15 minutes old
  ])('after links at %j, another one at %s: %s', (sent, now, may) => {
    expect(mayGetLink(sent.map(at), at(now))).toBe(may);
  });
});

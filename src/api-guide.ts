import type { ApiGuide } from './platform/http/openapi.js';

/** The beginning of the API document. Summaries and rules of the operations stand on the methods of the controllers. */
export const apiGuide: ApiGuide = {
  title: 'TRM service',
  introduction: `
The service runs TRM subscriptions: it sells terms, logs time against them, watches the renewal, and reports what was used.

## Sign in

Send \`Authorization: Bearer <token>\` with every request. The token is an API token (\`POST /v1/users/{id}/tokens\`) or, if the
service has an OpenID Connect issuer, a JWT of this issuer. On this page, press *Authorize* and paste the token; the page keeps
it over a reload. \`GET /v1/me\` shows who you are. Each operation names the roles that may call it:

- \`admin\` may do everything.
- \`csm\` (Customer Success Manager) works with an *own portfolio*: the subscriptions that name this user as CSM.
- \`finance\` reads everything, closes months and records adjustments.
- \`customer\` sees the *own data* of one customer.

A role that may never call an operation gets 403. An object that you may not see gets 404, like one that does not exist.

## Minutes, days and instants

- Amounts of time are whole minutes, in fields that end in \`Minutes\`.
- Days are \`YYYY-MM-DD\`, in fields that end in \`On\`. They are days in the time zone of the customer. The last day of a range
  belongs to the range.
- Instants are RFC 3339 in UTC, in fields that end in \`At\`.
- IDs are UUIDs of version 7.

## Errors

An error is a problem document (RFC 9457, \`application/problem+json\`). Programs read \`code\`; \`title\` and \`detail\` are in
English or Japanese as \`Accept-Language\` asks. \`type\` is an address of this service that explains the problem. If a rule of the
contract refuses a request (422), \`violations\` lists every broken rule. If a request cannot be read (400), \`errors\` lists every
field. Each operation names the codes that it can answer. In addition, any request can get {problems}.
For 429 and 503, wait as many seconds as \`Retry-After\` says and send the request again. In answers
to a signed-in user, \`RateLimit-Limit\` is the number of requests a minute, \`RateLimit-Remaining\` is how many are left, and
\`RateLimit-Reset\` says after how many seconds the count starts again.

## Sending a request again

Every POST except the CSV import takes an \`Idempotency-Key\` of your choice. If you send the same request again with the same key,
the service does not repeat the work. It answers as it did the first time, with \`Idempotency-Replayed: true\`. Keys are kept for
30 days. The same key with another body is refused.

\`dryRun=true\`, where an operation takes it, answers what the request would do and changes nothing.

## Changing an object

An object that can change carries an \`ETag\`. Send it in \`If-Match\` with PATCH, PUT and DELETE. If somebody else has changed the
object meanwhile, the answer is 412: read it again.

## Lists

A list answers \`{ "data": […], "nextCursor": … }\`. For the next page, send \`nextCursor\` as \`cursor\`, with the same filters.
\`limit\` is 1 to 200, and 50 by default. The last page has \`"nextCursor": null\`. The header \`Link\` holds the address of the next page.

## Examples

All examples come from real requests to a service that is filled like the demo (\`npm run demo\`), where time stands at
2027-04-02. IDs differ in every installation: take yours from the lists.
`.trim(),
  tags: {
    'Users and tokens': 'Who may use the service, and the tokens with which they sign in.',
    Packages: 'What is sold: the table of packages and their limits.',
    Customers: 'The organisations that buy, with their time zone, language and contacts.',
    'Consultants and product lines': 'Who does the work, and for which products.',
    Subscriptions: 'What a customer has bought: package, CSM, product lines, upgrades.',
    'Top-ups': 'Minutes that a customer buys for a running term, or that the vendor gives.',
    'Terms and balances': 'The years of a subscription: balance, pace, ledger and evidence.',
    Allocations: 'How the minutes of a term are divided among consultants and product lines.',
    'Visits and expenses': 'Onsite visits and their travel expenses.',
    'Learning seats': 'Seats for online learning, each held by one learner.',
    'Planned sessions': 'Work that is agreed for a day but not done yet.',
    'Time entries': 'Time that consultants worked: log, reverse, correct.',
    Imports: 'Time entries from CSV files of this service or of other time trackers.',
    'Accounting months': 'Finance closes months; a closed month never changes.',
    Attention: 'For which reasons a subscription needs its CSM now.',
    'Renewals and notices': 'What renews and when, notices of non-renewal, and reminders.',
    Mails: 'All mails that the service sends, with their delivery.',
    Reports: 'Files for finance and customers, as JSON, NDJSON, CSV or XLSX.',
    'Report schedules': 'Reports that go out by mail every month.',
    'Pages for customers': 'Pages behind personal links in mails. They need no token.',
    Operation: 'Health, jobs, the simulated clock, and explanations of problems.',
  },
};

import { startService, type TestService } from '../support/service.js';

// The conformance statement, which needs no session.

let service: TestService;

beforeAll(async () => {
  service = await startService({ env: { OPERATOR_EMAIL: 'desk@vendor.example' } });
});
afterAll(() => service.stop());

test.each([
  ['en', 'Web Content Accessibility Guidelines (WCAG) 2.2, level AA', 'Known gaps'],
  ['ja', 'WCAG）2.2 のレベル AA', '既知の課題'],
])('in %s the statement names the guidelines, the gaps and the contact', async (language, guidelines, gaps) => {
  const headers = { 'accept-language': language };
  const answer = await fetch(`${service.baseUrl}/console/accessibility`, { headers, redirect: 'manual' });
  const html = await answer.text();
  expect(answer.status).toBe(200);
  expect(html).toContain(`<html lang="${language}">`);
  for (const words of [guidelines, gaps, 'href="mailto:desk@vendor.example"']) expect(html).toContain(words);
});

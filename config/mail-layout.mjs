/**
 * Compiles mail-layout.mjml into mail-layout.html, which the service reads. With `--check`, it only compares the two. MJML is a
 * development dependency: loading it would add half a second to each start of the service.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import mjml2html from 'mjml';

const source = new URL('mail-layout.mjml', import.meta.url);
const compiled = new URL('mail-layout.html', import.meta.url);

const { html } = await mjml2html(readFileSync(source, 'utf8'), { keepComments: true, validationLevel: 'strict' });
// Removes indentation and empty lines, which would otherwise be sent with every mail.
const lines = html.split('\n').map((line) => line.trim());
const wanted = `${lines.filter((line) => line !== '').join('\n')}\n`;

if (!process.argv.includes('--check')) writeFileSync(compiled, wanted);
else if (readFileSync(compiled, 'utf8') !== wanted) {
  console.error('config/mail-layout.html is not what config/mail-layout.mjml compiles to: npm run mails:layout');
  process.exitCode = 1;
}

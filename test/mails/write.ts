import { mkdir, writeFile } from 'node:fs/promises';
import { extname, join, resolve } from 'node:path';
import { messageOf } from '../../src/platform/mail/message.js';
import { sender, writtenSamples, type WrittenSample } from './written.js';

/** Writes every mail of the service with sample data to files, to look at: `npm run mails [-- folder]`, by default `.mails/`. */
async function main(): Promise<void> {
  const folder = resolve(process.argv[2] ?? '.mails');
  const samples = await writtenSamples();
  for (const language of ['ja', 'en']) await mkdir(join(folder, language), { recursive: true });
  for (const sample of samples) await writeFiles(folder, sample);
  await writeFile(join(folder, 'index.html'), indexOf(samples));
  console.log(`${samples.length} mails, as .eml, .html and .txt: open ${join(folder, 'index.html')}`);
}

async function writeFiles(folder: string, { name, language, mail, content }: WrittenSample): Promise<void> {
  const place = join(folder, language, name);
  await writeFile(`${place}.eml`, await messageOf(mail, content, sender));
  await writeFile(`${place}.txt`, content.text);
  let html = content.html;
  for (const { contentId, png } of content.pictures) {
    const picture = Buffer.isBuffer(png) ? png : await png();
    html = html.replaceAll(`cid:${contentId}`, `data:image/png;base64,${picture.toString('base64')}`);
  }
  await writeFile(`${place}.html`, html);
  for (const { fileName, content: text } of content.attachments) await writeFile(`${place}-${fileName}`, text);
}

function indexOf(samples: readonly WrittenSample[]): string {
  const names = [...new Set(samples.map(({ name }) => name))];
  const links = (name: string, language: string): string => {
    const sample = samples.find((candidate) => candidate.name === name && candidate.language === language);
    if (!sample) return '<td></td>';
    const place = `${language}/${name}`;
    const files = ['txt', 'eml'].map((kind) => `<a href="${place}.${kind}">.${kind}</a>`).join(' ');
    const attached = sample.content.attachments
      .map(({ fileName }) => ` <a href="${place}-${fileName}">${extname(fileName)}</a>`)
      .join('');
    return `<td><a target="mail" href="${place}.html">${escaped(sample.content.subject)}</a><br><small>${files}${attached}</small></td>`;
  };
  const rows = names.map((name) => `<tr><th>${name}</th>${links(name, 'ja')}${links(name, 'en')}</tr>`);
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Mails</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{margin:0;display:flex;height:100vh;font:13px/1.5 system-ui,sans-serif}nav{width:46%;overflow:auto}
iframe{flex:1;border:0;border-left:1px solid #ccc}td,th{padding:4px 8px;text-align:left;vertical-align:top;border-bottom:1px solid #eee}
@media(max-width:60rem){body{flex-direction:column}nav{width:auto;flex:2}iframe{flex:3;border:0;border-top:2px solid #ccc}}</style>
<nav><table>${rows.join('\n')}</table></nav><iframe name="mail" title="The mail" src="ja/${names[0]}.html"></iframe></html>
`;
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

void main();

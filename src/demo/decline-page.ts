import { UnexpectedAnswer } from './client.js';

/** The page behind the personal link of a reminder. It needs no token and no account. */
export interface DeclinePage {
  heading: string;
}

export const openDeclinePage = (link: string): Promise<DeclinePage> => shown(link, 'GET');

/** Sends the page's form as a browser does. */
export const confirmOnDeclinePage = (link: string, signedBy: string): Promise<DeclinePage> =>
  shown(link, 'POST', new URLSearchParams({ signedBy }));

async function shown(link: string, method: 'GET' | 'POST', form?: URLSearchParams): Promise<DeclinePage> {
  const response = await fetch(link, { method, headers: { 'accept-language': 'en' }, ...(form && { body: form }) });
  const text = await response.text();
  const heading = /<h1[^>]*>([^<]+)<\/h1>/.exec(text)?.[1];
  if (response.status !== 200 || heading === undefined) {
    const answer = { status: response.status, headers: response.headers, text: text.slice(0, 600) };
    throw new UnexpectedAnswer(`${method} ${link}`, 'a page', answer);
  }
  return { heading };
}

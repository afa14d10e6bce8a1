/** An event of a calendar, with the texts and addresses that can name a customer. */
export interface EventWords {
  summary: string;
  /** Description and place. */
  text: string;
  /** Mail addresses of the organiser and the attendees. */
  addresses: readonly string[];
}

/** What a customer can be recognised by. */
export interface KnownCustomer {
  customerId: string;
  name: string;
  code: string | null;
  /** The domains of its contacts' addresses, in lower case. */
  domains: readonly string[];
}

/**
 * Finds the customers that an event names: by code or name in its texts, or by a mail domain of its attendees. The strongest kind of
 * evidence decides: a customer named in the title comes before one who only attends. Several customers are a choice for the reader.
 */
export function customersOf(event: EventWords, customers: readonly KnownCustomer[]): string[] {
  const title = comparable(event.summary);
  const text = comparable(event.text);
  const domains = new Set(event.addresses.map(domainOf));
  const kinds: ((customer: KnownCustomer) => boolean)[] = [
    (customer) => isNamedIn(customer, title),
    (customer) => isNamedIn(customer, text),
    (customer) => customer.domains.some((domain) => domains.has(domain) && !publicDomains.has(domain)),
  ];
  for (const matches of kinds) {
    const found = customers.filter(matches);
    if (found.length > 0) return withoutParts(found).map(({ customerId }) => customerId);
  }
  return [];
}

/** “Acme Bank” also contains “Acme”: the longer name is meant. */
function withoutParts(found: readonly KnownCustomer[]): KnownCustomer[] {
  const cores = found.map(({ name }) => coreOf(name));
  return found.filter((_, at) => !cores.some((core) => core !== cores[at] && containsWord(core, cores[at]!)));
}

function isNamedIn({ name, code }: KnownCustomer, text: string): boolean {
  return [coreOf(name), ...(code === null ? [] : [comparable(code)])].some((word) => containsWord(text, word));
}

/** A single letter or digit says nothing. */
const shortestWord = 2;

/** Whether a text contains a word that is not part of a longer Latin word or number: `acme` is in `acme: review`, not in `acmeology`. */
function containsWord(text: string, word: string): boolean {
  if (word.length < shortestWord) return false;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!(joins(text[at - 1]) && joins(word[0])) && !(joins(word.at(-1)) && joins(text[at + word.length]))) return true;
  }
  return false;
}

/** Whether a character continues a Latin word. Japanese words follow each other without a blank. */
const joins = (character: string | undefined): boolean =>
  character !== undefined && /[a-z0-9\u00c0-\u024f]/.test(character);

const comparable = (text: string): string => text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();

/** A name without its legal form: people write “Acme” for “Acme KK”. */
function coreOf(name: string): string {
  const written = comparable(name);
  const core = written
    .replace(legalForms, ' ')
    .replace(/[\s,.]+$/, '')
    .trim();
  return core.length >= shortestWord ? core : written;
}

const legalForms =
  /株式会社|有限会社|合同会社|\((?:株|有|同)\)|[\s,.]+(?:k\.?k\.?|inc\.?|ltd\.?|llc|plc|gmbh|ag|s\.?a\.?|b\.?v\.?|corp\.?|corporation|co\.?,? ltd\.?|company|limited)$/g;

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** Domains under which anybody has an address, so they name no customer. */
const publicDomains = new Set([
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'outlook.jp',
  'hotmail.com',
  'hotmail.co.jp',
  'live.com',
  'live.jp',
  'icloud.com',
  'me.com',
  'yahoo.com',
  'yahoo.co.jp',
  'proton.me',
]);

/** Text as in the rows of a report: one character for each byte of its UTF-8. */
export const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

/** Decodes the text. */
export const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

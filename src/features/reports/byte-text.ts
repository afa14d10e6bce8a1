/** Text as a report's rows hold it: a character for each byte of its UTF-8. */
export const bytesOf = (text: string): string => Buffer.from(text).toString('latin1');

/** The text that bytes are. */
export const textOf = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();

/** The languages of mails, pages, documents and problem sentences. */
export type Language = 'en' | 'ja';

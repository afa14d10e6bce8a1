/** The languages of mails, pages, documents and problem sentences. */
export const languages = ['en', 'ja'] as const;
export type Language = (typeof languages)[number];

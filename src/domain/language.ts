/** The languages in which the service speaks to people. */
export type Language = 'en' | 'ja';

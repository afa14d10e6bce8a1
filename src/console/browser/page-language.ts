/** Whether the page is in Japanese. Scripts have few texts of their own: they show what the service writes. */
export const isJapanese = (): boolean => document.documentElement.lang === 'ja';

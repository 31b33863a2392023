// Which page stands behind "#": the server has one file for all.
export type Page = 'desk' | 'open' | 'stats' | 'lessons';

const pages: readonly Page[] = ['desk', 'open', 'stats', 'lessons'];

export const pageOf = (hash: string, rights: readonly string[]): Page =>
  pagesOf(rights).find((page) => page === hash.replace(/^#/, '')) ?? 'desk';

export const pathOf = (page: Page): string => (page === 'desk' ? '#' : `#${page}`);

/** What is not the desk is for those who lead. */
export const pagesOf = (rights: readonly string[]): Page[] => pages.filter((page) => page === 'desk' || rights.includes('requests.assign'));

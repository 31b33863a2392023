// Which page an address of /account stands for. The token of an invitation is behind "#": no server sees it.
export type PageName =
  | 'home' | 'enrol' | 'lost' | 'meetings' | 'factors' | 'sessions' | 'tokens' | 'people' | 'raises' | 'reviews' | 'metrics' | 'absent';

export interface Route {
  page: PageName;
  id: string | null;
}

const simple = ['enrol', 'lost', 'meetings', 'factors', 'sessions', 'tokens', 'people', 'raises', 'reviews', 'metrics'] as const;
const withId: readonly PageName[] = ['meetings', 'reviews'];

export function routeOf(path: string): Route {
  const [, account, page, id, more] = path.replace(/\/$/, '').split('/');
  const absent: Route = { page: 'absent', id: null };
  if (account !== 'account' || more !== undefined) return absent;
  if (page === undefined) return { page: 'home', id: null };
  const name = simple.find((known) => known === page);
  if (!name || (id !== undefined && !withId.includes(name))) return absent;
  return { page: name, id: id ?? null };
}

export const pathOf = (page: PageName, id?: string): string =>
  page === 'home' ? '/account' : `/account/${page}${id === undefined ? '' : `/${id}`}`;

/** The pages that somebody has, by their rights; the first is where they arrive. */
const needs: [PageName, string][] = [
  ['meetings', 'meetings.read'],
  ['factors', 'factors.own'],
  ['sessions', 'account.own'],
  ['tokens', 'tokens.own'],
  ['people', 'people.read'],
  ['raises', 'raises.ask'],
  ['reviews', 'reviews.read'],
  ['metrics', 'service.watch'],
];

export const pagesOf = (rights: readonly string[]): PageName[] =>
  needs.filter(([, right]) => rights.includes(right)).map(([page]) => page);

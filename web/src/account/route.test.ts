import { describe, expect, it } from 'vitest';
import { pagesOf, pathOf, routeOf } from './route';

describe('routeOf', () => {
  it.each([
    ['/account', 'home', null],
    ['/account/', 'home', null],
    ['/account/factors', 'factors', null],
    ['/account/reviews/v_1', 'reviews', 'v_1'],
    ['/account/sessions/s_1', 'absent', null],
    ['/account/reviews/v_1/x', 'absent', null],
    ['/account/nothing', 'absent', null],
    ['/elsewhere', 'absent', null],
  ] as const)('%s', (path, page, id) => {
    expect(routeOf(path)).toEqual({ page, id });
  });

  it('finds its own paths again', () => {
    expect(routeOf(pathOf('home')).page).toBe('home');
    expect(routeOf(pathOf('meetings', 'm_1'))).toEqual({ page: 'meetings', id: 'm_1' });
  });
});

describe('pagesOf', () => {
  it('shows nobody what they have no right to', () => {
    expect(pagesOf(['account.own', 'factors.own'])).toEqual(['factors', 'sessions']);
    expect(pagesOf([])).toEqual([]);
    expect(pagesOf(['reviews.read', 'meetings.read'])).toEqual(['meetings', 'reviews']);
  });
});

import { describe, expect, it } from 'vitest';
import type { Event } from '../../api/types';
import { dateOf, dayCount, hoursOf, layOut, mondayOf, onDay, wallOf, weekOf } from './week';

const day = (iso: string) => Date.parse(`${iso}T00:00:00Z`) / 86_400_000;
const event = (start: string, end: string, more: Partial<Event> = {}): Event => ({
  title: 't', start, end, busy: true, all_day: false, meeting: null, ...more,
});

describe('wallOf', () => {
  it.each([
    ['2026-03-02T13:30:00Z', 'Europe/Paris', '2026-03-02', 14 * 60 + 30],
    ['2026-03-02T23:30:00Z', 'Europe/Paris', '2026-03-03', 30],
    ['2026-03-29T01:00:00Z', 'Europe/Paris', '2026-03-29', 3 * 60], // the hour after the gap
    ['2026-03-02T04:30:00Z', 'America/New_York', '2026-03-01', 23 * 60 + 30],
    ['2026-03-02T00:00:00+01:00', 'Europe/Paris', '2026-03-02', 0],
  ])('%s in %s', (iso, zone, date, minute) => {
    expect(wallOf(iso, zone)).toEqual({ day: day(date), minute });
  });
});

describe('weeks', () => {
  it('begin on Monday', () => {
    expect(mondayOf(day('2026-03-02'))).toBe(day('2026-03-02'));
    expect(mondayOf(day('2026-03-08'))).toBe(day('2026-03-02'));
    expect(mondayOf(day('2027-01-01'))).toBe(day('2026-12-28'));
    expect(dateOf(day('2026-12-28')).toISOString()).toBe('2026-12-28T00:00:00.000Z');
  });
});

describe('onDay', () => {
  const wall = (d: number, minute: number) => ({ day: d, minute });
  it.each([
    [wall(5, 60), wall(5, 120), 5, [60, 120]],
    [wall(5, 60), wall(6, 120), 5, [60, 1440]],
    [wall(5, 60), wall(6, 120), 6, [0, 120]],
    [wall(5, 60), wall(7, 120), 6, [0, 1440]],
    [wall(5, 60), wall(6, 0), 6, null], // half-open: midnight belongs to the day before
    [wall(5, 60), wall(5, 120), 4, null],
  ] as const)('row %#', (start, end, on, part) => expect(onDay(start, end, on)).toEqual(part));
});

describe('layOut', () => {
  const span = (item: string, from: number, to: number) => ({ item, from, to });
  const shape = (spans: ReturnType<typeof span>[]) =>
    layOut(spans).map((b) => `${b.item} ${b.column}/${b.columns}`);
  it.each([
    [[span('a', 0, 60), span('b', 60, 120)], ['a 0/1', 'b 0/1']],
    [[span('a', 0, 60), span('b', 30, 90)], ['a 0/2', 'b 1/2']],
    [[span('a', 0, 90), span('b', 30, 60), span('c', 60, 120)], ['a 0/2', 'b 1/2', 'c 1/2']],
    [[span('a', 0, 90), span('b', 0, 90), span('c', 30, 60), span('d', 90, 120)], ['a 0/3', 'b 1/3', 'c 2/3', 'd 0/1']],
    [[], []],
  ])('row %#', (spans, boxes) => expect(shape(spans)).toEqual(boxes));
});

describe('weekOf', () => {
  const monday = day('2026-03-02');
  it('puts events on their days in the zone', () => {
    const events = [
      event('2026-03-03T23:30:00Z', '2026-03-04T00:30:00Z'),
      event('2026-03-03T23:00:00Z', '2026-03-04T23:00:00Z', { all_day: true }),
    ];
    const week = weekOf(events, monday, 5, 'Europe/Paris');
    expect(week.map((d) => d.boxes.length)).toEqual([0, 0, 1, 0, 0]);
    expect(week.map((d) => d.allDay.length)).toEqual([0, 0, 1, 0, 0]);
    expect(week[2]?.boxes[0]).toMatchObject({ from: 30, to: 90 });
  });
  it('shows the week-end when it holds something', () => {
    expect(dayCount([event('2026-03-05T09:00:00Z', '2026-03-05T10:00:00Z')], monday, 'UTC')).toBe(5);
    expect(dayCount([event('2026-03-07T09:00:00Z', '2026-03-07T10:00:00Z')], monday, 'UTC')).toBe(7);
  });
  it('shows the hours that are needed', () => {
    const early = weekOf([event('2026-03-02T06:30:00Z', '2026-03-02T20:10:00Z')], monday, 5, 'UTC');
    expect(hoursOf(early, [])).toEqual([6, 21]);
    expect(hoursOf([], [])).toEqual([8, 19]);
    expect(hoursOf([], [[18 * 60, 19 * 60 + 30]])).toEqual([8, 20]);
  });
});

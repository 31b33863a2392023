import { describe, expect, it } from 'vitest';
import { mondayOf, wallOf } from '../pages/sandbox/week';
import type { SaidWindow, Wish } from './types';
import { CELL_MINUTES, busyIn, cellSpans, frameOf, instantOf, isPainted, moved, paint, partOn, rectangleOf, sameWindows, spanOf, wishIn } from './week';

const PARIS = 'Europe/Paris';
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000;
const at = (date: string, clock: string) => {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return { day: dayOf(date), minute: hour * 60 + minute };
};
const said = (start: string, end: string, wish: Wish = 'wanted'): SaidWindow => ({ start, end, wish });
const short = (windows: readonly SaidWindow[]) =>
  windows.map(({ start, end, wish }) => `${start.slice(0, 16)} ${end.slice(0, 16)} ${wish}`);

describe('instantOf', () => {
  it.each([
    ['winter', '2026-12-01', '14:00', PARIS, '2026-12-01T13:00'],
    ['summer', '2026-07-01', '14:00', PARIS, '2026-07-01T12:00'],
    ['before the clock goes forward', '2027-03-28', '01:30', PARIS, '2027-03-28T00:30'],
    ['skipped: the jump', '2027-03-28', '02:00', PARIS, '2027-03-28T01:00'],
    ['skipped: the jump as well', '2027-03-28', '02:30', PARIS, '2027-03-28T01:00'],
    ['after the jump', '2027-03-28', '03:00', PARIS, '2027-03-28T01:00'],
    ['later on that day', '2027-03-28', '09:00', PARIS, '2027-03-28T07:00'],
    ['twice: the first', '2027-10-31', '02:30', PARIS, '2027-10-31T00:30'],
    ['after it went back', '2027-10-31', '03:00', PARIS, '2027-10-31T02:00'],
    ['half an hour forward', '2026-10-04', '02:15', 'Australia/Lord_Howe', '2026-10-03T15:30'],
    ['a quarter off', '2026-12-01', '14:00', 'Asia/Kathmandu', '2026-12-01T08:15'],
    ['forward at midnight', '2026-09-06', '00:00', 'America/Santiago', '2026-09-06T04:00'],
    ['west', '2026-12-01', '14:00', 'America/New_York', '2026-12-01T19:00'],
  ])('%s: %s %s in %s', (_, date, clock, zone, instant) => {
    expect(new Date(instantOf(at(date, clock), zone)).toISOString().slice(0, 16)).toBe(instant);
  });

  it('is what the clock shows, wherever the clock shows it', () => {
    for (const zone of [PARIS, 'America/New_York', 'Australia/Lord_Howe', 'UTC'])
      for (let minute = 0; minute < 1440; minute += 15)
        expect(wallOf(new Date(instantOf({ day: dayOf('2026-12-01'), minute }, zone)).toISOString(), zone)).toEqual({ day: dayOf('2026-12-01'), minute });
  });
});

describe('cells', () => {
  it.each([
    ['2026-12-01', PARIS, 24], ['2027-03-28', PARIS, 23], ['2027-10-31', PARIS, 25], ['2026-10-04', 'Australia/Lord_Howe', 23.5],
    ['2026-09-06', 'America/Santiago', 23],
  ])('of %s in %s tile %d hours', (date, zone, hours) => {
    const day = dayOf(date);
    let [end, whole] = [spanOf(day, 0, CELL_MINUTES, zone)[0], 0];
    for (let from = 0; from < 1440; from += CELL_MINUTES) {
      const span = spanOf(day, from, from + CELL_MINUTES, zone);
      expect(span[0]).toBe(end);
      expect(span[1]).toBeGreaterThanOrEqual(span[0]);
      whole += span[1] - span[0];
      end = span[1];
    }
    expect(whole / 3_600_000).toBe(hours);
  });
});

describe('cellSpans', () => {
  it.each([['2026-12-01', PARIS], ['2027-03-28', PARIS], ['2027-10-31', PARIS], ['2026-10-04', 'Australia/Lord_Howe']])('are those of each cell: %s in %s', (date, zone) => {
    const each = Array.from({ length: 48 }, (_, i) => spanOf(dayOf(date), i * CELL_MINUTES, (i + 1) * CELL_MINUTES, zone));
    expect(cellSpans(dayOf(date), { from: 0, to: 1440 }, zone)).toEqual(each);
    expect(cellSpans(dayOf(date), { from: 480, to: 1140 }, zone)).toEqual(each.slice(16, 38));
  });
});

describe('paint', () => {
  const tuesday = '2026-12-01';
  const afternoon = said('2026-12-01T14:00:00+01:00', '2026-12-01T18:00:00+01:00');
  const area = (from: string, to: string, date = tuesday, last = date) => rectangleOf(at(date, from), at(last, to));

  it.each<[string, SaidWindow[], string, string, Wish | null, string[]]>([
    ['on nothing', [], '14:00', '15:30', 'wanted', ['2026-12-01T13:00 2026-12-01T15:00 wanted']],
    ['upwards', [], '15:30', '14:00', 'wanted', ['2026-12-01T13:00 2026-12-01T15:00 wanted']],
    ['beside: one', [afternoon], '13:00', '13:30', 'wanted', ['2026-12-01T12:00 2026-12-01T17:00 wanted']],
    ['over an edge', [afternoon], '17:00', '18:30', 'wanted', ['2026-12-01T13:00 2026-12-01T18:00 wanted']],
    ['another wish in the middle', [afternoon], '15:00', '15:30', 'refused',
      ['2026-12-01T13:00 2026-12-01T14:00 wanted', '2026-12-01T14:00 2026-12-01T15:00 refused', '2026-12-01T15:00 2026-12-01T17:00 wanted']],
    ['away from the middle', [afternoon], '15:00', '15:30', null,
      ['2026-12-01T13:00 2026-12-01T14:00 wanted', '2026-12-01T15:00 2026-12-01T17:00 wanted']],
    ['away altogether', [afternoon], '08:00', '19:00', null, []],
    ['until midnight', [], '23:00', '23:30', 'wanted', ['2026-12-01T22:00 2026-12-01T23:00 wanted']],
    ['an exact start away', [said('2026-12-01T15:00:00+01:00', '2026-12-01T15:00:00+01:00')], '15:00', '15:00', null, []],
    ['beside an exact start', [said('2026-12-01T15:00:00+01:00', '2026-12-01T15:00:00+01:00')], '15:30', '15:30', 'wanted',
      ['2026-12-01T14:00 2026-12-01T14:00 wanted', '2026-12-01T14:30 2026-12-01T15:00 wanted']],
  ])('%s', (_, windows, from, to, wish, expected) => {
    expect(short(paint(windows, area(from, to), wish, PARIS))).toEqual(expected);
  });

  it('keeps edges between the cells where nothing was painted', () => {
    const odd = said('2026-12-01T14:10:00+01:00', '2026-12-01T16:20:00+01:00');
    expect(short(paint([odd], area('15:00', '15:00'), null, PARIS))).toEqual([
      '2026-12-01T13:10 2026-12-01T14:00 wanted', '2026-12-01T14:30 2026-12-01T15:20 wanted',
    ]);
  });

  it('paints the same hours of several days', () => {
    expect(short(paint([], area('09:00', '09:30', '2026-12-01', '2026-12-03'), 'preferred', PARIS))).toEqual([
      '2026-12-01T08:00 2026-12-01T09:00 preferred', '2026-12-02T08:00 2026-12-02T09:00 preferred', '2026-12-03T08:00 2026-12-03T09:00 preferred',
    ]);
  });

  it('paints nothing where the clock jumps, and all of the hour that comes twice', () => {
    expect(paint([], area('02:00', '02:30', '2027-03-28'), 'wanted', PARIS)).toEqual([]);
    expect(short(paint([], area('02:00', '02:30', '2027-10-31'), 'wanted', PARIS))).toEqual(['2027-10-31T00:00 2027-10-31T02:00 wanted']);
  });

  it('keeps the hours across a change of the clock', () => {
    const week = paint([], area('09:00', '09:30', '2027-03-26', '2027-03-29'), 'wanted', PARIS);
    expect(week.map(({ start }) => wallOf(start, PARIS).minute)).toEqual([540, 540, 540, 540]);
    expect(week.map(({ start }) => start.slice(11, 16))).toEqual(['08:00', '08:00', '07:00', '07:00']);
  });

  it('undone by the same brush is what was there', () => {
    const painted = paint([], area('14:00', '17:30'), 'wanted', PARIS);
    expect(isPainted(painted, area('14:30', '15:00'), 'wanted', PARIS)).toBe(true);
    expect(isPainted(painted, area('14:30', '18:00'), 'wanted', PARIS)).toBe(false);
    expect(isPainted(painted, area('14:30', '15:00'), 'refused', PARIS)).toBe(false);
    expect(paint(painted, area('14:00', '17:30'), null, PARIS)).toEqual([]);
  });
});

describe('sameWindows', () => {
  const one = said('2026-12-01T14:00:00+01:00', '2026-12-01T16:00:00+01:00');
  it.each<[SaidWindow[], SaidWindow[], boolean]>([
    [[one], [said('2026-12-01T13:00:00Z', '2026-12-01T15:00:00Z')], true],
    [[one], [said('2026-12-01T13:00:00Z', '2026-12-01T14:00:00Z'), said('2026-12-01T14:00:00Z', '2026-12-01T15:00:00Z')], true],
    [[one], [{ ...one, wish: 'preferred' }], false],
    [[one], [], false],
    [[], [], true],
  ])('%#', (left, right, same) => {
    expect(sameWindows(left, right)).toBe(same);
  });
});

describe('what is drawn', () => {
  it('takes the part of a day', () => {
    const day = dayOf('2026-12-01');
    expect(partOn('2026-11-30T18:00:00+01:00', '2026-12-01T09:00:00+01:00', day, PARIS)).toEqual({ from: 0, to: 540 });
    expect(partOn('2026-12-02T18:00:00+01:00', '2026-12-02T19:00:00+01:00', day, PARIS)).toBeNull();
    expect(partOn('2026-12-01T15:00:00+01:00', '2026-12-01T15:00:00+01:00', day, PARIS, 45)).toEqual({ from: 900, to: 945 });
  });

  it('shows working hours, and more where something is', () => {
    expect(frameOf([])).toEqual({ from: 480, to: 1140 });
    expect(frameOf([{ from: 0, to: 1440 }])).toEqual({ from: 480, to: 1140 });
    expect(frameOf([{ from: 450, to: 500 }, { from: 1200, to: 1275 }])).toEqual({ from: 420, to: 1320 });
  });

  it('knows who is taken, and what is wished', () => {
    const [from, to] = spanOf(dayOf('2026-12-01'), 840, 870, PARIS);
    const busy = [
      { who: 'P1', spans: [{ start: '2026-12-01T13:00:00+01:00', end: '2026-12-01T14:00:00+01:00' }] },
      { who: 'P2', spans: [{ start: '2026-12-01T14:15:00+01:00', end: '2026-12-01T14:20:00+01:00' }] },
    ];
    expect(busyIn(busy, from, to)).toEqual(['P2']);
    expect(wishIn([said('2026-12-01T14:00:00+01:00', '2026-12-01T14:00:00+01:00', 'preferred')], from, to)).toBe('preferred');
    expect(wishIn([said('2026-12-01T13:00:00+01:00', '2026-12-01T14:00:00+01:00')], from, to)).toBeNull();
  });
});

describe('moved', () => {
  const frame = { from: 480, to: 1140 };
  it.each([
    ['ArrowDown', '14:00', 'same', '14:30'], ['ArrowUp', '08:00', 'same', '08:00'], ['ArrowDown', '18:30', 'same', '18:30'],
    ['Home', '14:00', 'same', '08:00'], ['End', '14:00', 'same', '18:30'], ['ArrowUp', '14:00', 'same', '13:30'],
  ])('%s from %s', (key, from, _, to) => {
    expect(moved(at('2026-12-01', from), key, frame)).toEqual(at('2026-12-01', to));
  });

  it('goes on into other weeks', () => {
    const sunday = at('2026-12-06', '10:00');
    const next = moved(sunday, 'ArrowRight', frame);
    expect(next && mondayOf(next.day)).toBe(mondayOf(sunday.day) + 7);
    expect(moved(sunday, 'PageUp', frame)).toEqual(at('2026-11-29', '10:00'));
    expect(moved(sunday, 'x', frame)).toBeNull();
  });
});

// Windows painted on a week: pure functions on instants and a zone. A cell is half an hour of wall-clock time; on the day when
// the clock is put forward some cells hold no time at all, when it is put back some hold more, and together they always tile
// the day.
import type { Wall } from '../pages/sandbox/week';
import { onDay, wallOf } from '../pages/sandbox/week';
import type { BusyPerson, SaidWindow, Wish } from './types';

export const CELL_MINUTES = 30;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const FAR_MS = 1.5 * DAY_MS; // from a day's noon in UTC; clocks are at most 14 hours away from it

/** A cell: where it begins, as a wall-clock reading. */
export type Cell = Wall;

/** Cells from one corner to the other, both counted in. */
export interface Rectangle {
  firstDay: number;
  lastDay: number;
  /** Minutes of the day, half-open */
  from: number;
  to: number;
}

const isoOf = (ms: number) => new Date(ms).toISOString();
const utcOf = ({ day, minute }: Wall) => day * DAY_MS + minute * MINUTE_MS;
const offsetAt = (ms: number, zone: string) => utcOf(wallOf(isoOf(ms), zone)) - Math.floor(ms / MINUTE_MS) * MINUTE_MS;

/** The first instant at which the clock shows this or more: of a reading that comes twice the first, of one that is
 *  skipped that of the jump. */
export function instantOf(wall: Wall, zone: string): number {
  const utc = utcOf(wall);
  const before = offsetAt(utc - DAY_MS, zone);
  const after = offsetAt(utc + DAY_MS, zone);
  const fits = [utc - before, utc - after].filter((ms) => offsetAt(ms, zone) === utc - ms);
  if (fits.length > 0) return Math.min(...fits);
  let [low, high] = [utc - after, utc - before]; // the jump lies between
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** [start, end) of some cells of one day. Empty where the clock jumps over them. */
export const spanOf = (day: number, from: number, to: number, zone: string): [number, number] => [
  instantOf({ day, minute: from }, zone),
  instantOf({ day: day + Math.floor(to / 1440), minute: to % 1440 }, zone),
];

/** Those of every cell of a day between these minutes: counted on where the clock does not change meanwhile, as on most days. */
export function cellSpans(day: number, { from, to }: Frame, zone: string): [number, number][] {
  const [start, end] = spanOf(day, from, to, zone);
  const even = end - start === (to - from) * MINUTE_MS;
  return Array.from({ length: (to - from) / CELL_MINUTES }, (_, i) => {
    const minute = from + i * CELL_MINUTES;
    const at = start + i * CELL_MINUTES * MINUTE_MS;
    return even ? [at, at + CELL_MINUTES * MINUTE_MS] : spanOf(day, minute, minute + CELL_MINUTES, zone);
  });
}

export function rectangleOf(one: Cell, other: Cell): Rectangle {
  return {
    firstDay: Math.min(one.day, other.day),
    lastDay: Math.max(one.day, other.day),
    from: Math.min(one.minute, other.minute),
    to: Math.max(one.minute, other.minute) + CELL_MINUTES,
  };
}

export const contains = (area: Rectangle, { day, minute }: Cell): boolean =>
  day >= area.firstDay && day <= area.lastDay && minute >= area.from && minute < area.to;

interface Stretch {
  from: number;
  to: number;
  wish: Wish;
}

const stretchOf = ({ start, end, wish }: SaidWindow): Stretch => ({ from: Date.parse(start), to: Date.parse(end), wish });

/** What is left of a stretch outside of [from, to). An exact start, which has no length, is left or not. */
function without(stretch: Stretch, from: number, to: number): Stretch[] {
  if (stretch.from === stretch.to) return stretch.from >= from && stretch.from < to ? [] : [stretch];
  if (stretch.to <= from || stretch.from >= to) return [stretch];
  const left: Stretch[] = [];
  if (stretch.from < from) left.push({ ...stretch, to: from });
  if (stretch.to > to) left.push({ ...stretch, from: to });
  return left;
}

/** In order; those that touch and mean the same are one. */
function merged(stretches: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const each of [...stretches].sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = out.at(-1);
    const lengths = last && last.from < last.to && each.from < each.to;
    if (last && lengths && last.wish === each.wish && each.from <= last.to) last.to = Math.max(last.to, each.to);
    else out.push({ ...each });
  }
  return out;
}

const windowOf = ({ from, to, wish }: Stretch): SaidWindow => ({ start: isoOf(from), end: isoOf(to), wish });

/** The windows after these cells were painted; null takes away what is there. */
export function paint(windows: readonly SaidWindow[], area: Rectangle, wish: Wish | null, zone: string): SaidWindow[] {
  let stretches = windows.map(stretchOf);
  for (let day = area.firstDay; day <= area.lastDay; day++) {
    const [from, to] = spanOf(day, area.from, area.to, zone);
    if (from >= to) continue;
    stretches = stretches.flatMap((each) => without(each, from, to));
    if (wish !== null) stretches.push({ from, to, wish });
  }
  return merged(stretches).map(windowOf);
}

/** Whether all of these cells are painted so already: then the same brush takes it away. */
export function isPainted(windows: readonly SaidWindow[], area: Rectangle, wish: Wish, zone: string): boolean {
  const mine = merged(windows.map(stretchOf)).filter((each) => each.wish === wish);
  for (let day = area.firstDay; day <= area.lastDay; day++) {
    const [from, to] = spanOf(day, area.from, area.to, zone);
    if (from < to && !mine.some((each) => each.from <= from && each.to >= to)) return false;
  }
  return true;
}

/** The same times, whatever their order and their offsets. */
export function sameWindows(one: readonly SaidWindow[], other: readonly SaidWindow[]): boolean {
  const keys = (list: readonly SaidWindow[]) => merged(list.map(stretchOf)).map((each) => `${each.from} ${each.to} ${each.wish}`);
  return keys(one).join() === keys(other).join();
}

export interface Part {
  from: number;
  to: number;
}

/** The part of an interval on a day, in minutes of the wall clock; an exact start is given `minutes`. */
export function partOn(start: string, end: string, day: number, zone: string, minutes = 0): Part | null {
  const noon = day * DAY_MS + DAY_MS / 2;
  if (Date.parse(start) > noon + FAR_MS || Date.parse(end) + minutes * MINUTE_MS < noon - FAR_MS) return null; // in no zone: quickly said
  const until = start === end ? isoOf(Date.parse(start) + minutes * MINUTE_MS) : end;
  const part = onDay(wallOf(start, zone), wallOf(until, zone), day);
  return part && { from: part[0], to: part[1] };
}

export interface Frame {
  /** Minutes of the day, whole hours */
  from: number;
  to: number;
}

/** 8 to 19 o'clock, and more where something lies outside; what begins or ends at midnight says nothing about hours. */
export function frameOf(parts: readonly Part[]): Frame {
  const told = parts.filter(({ from, to }) => from > 0 && to < 1440);
  const from = Math.min(8 * 60, ...told.map((part) => part.from));
  const to = Math.max(19 * 60, ...told.map((part) => part.to));
  return { from: Math.floor(from / 60) * 60, to: Math.ceil(to / 60) * 60 };
}

const steps: Record<string, [days: number, cells: number]> = {
  ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], PageUp: [-7, 0], PageDown: [7, 0],
};

/** Where a key leads: days go on into the next week, hours end where the frame does. Null: no key that moves. */
export function moved({ day, minute }: Cell, key: string, frame: Frame): Cell | null {
  if (key === 'Home') return { day, minute: frame.from };
  if (key === 'End') return { day, minute: frame.to - CELL_MINUTES };
  const step = steps[key];
  if (!step) return null;
  const next = minute + step[1] * CELL_MINUTES;
  return { day: day + step[0], minute: Math.min(Math.max(next, frame.from), frame.to - CELL_MINUTES) };
}

/** Who is taken at some time of a cell. */
export function busyIn(busy: readonly BusyPerson[], from: number, to: number): string[] {
  return busy
    .filter(({ spans }) => spans.some(({ start, end }) => Date.parse(start) < to && Date.parse(end) > from))
    .map(({ who }) => who);
}

export function wishIn(windows: readonly SaidWindow[], from: number, to: number): Wish | null {
  const found = windows.map(stretchOf).find((each) => (each.from < to && each.to > from) || (each.from === each.to && each.from >= from && each.from < to));
  return found?.wish ?? null;
}

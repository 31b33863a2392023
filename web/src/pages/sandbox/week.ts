// A week of somebody's calendar as boxes: pure functions on instants and a zone name.
import type { Event } from '../../api/types';

/** A wall-clock reading; day counts days from 1970-01-01. */
export interface Wall {
  day: number;
  minute: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone, year: 'numeric', month: 'numeric', day: 'numeric',
      hour: 'numeric', minute: 'numeric', hourCycle: 'h23',
    });
    formats.set(zone, format);
  }
  return format;
}

const DAY_MS = 86_400_000;

export function wallOf(iso: string, zone: string): Wall {
  const parts: Record<string, number> = {};
  for (const part of formatOf(zone).formatToParts(new Date(iso))) parts[part.type] = Number(part.value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return { day: Date.UTC(year, month - 1, day) / DAY_MS, minute: hour * 60 + minute };
}

/** 1970-01-01 was a Thursday. */
export const mondayOf = (day: number) => day - ((day + 3) % 7);

/** Midnight UTC of a day number: for Intl with timeZone UTC. */
export const dateOf = (day: number) => new Date(day * DAY_MS);

/** The part of [start, end) on one day, in minutes of it; null when there is none. */
export function onDay(start: Wall, end: Wall, day: number): [number, number] | null {
  const from = start.day < day ? 0 : start.day > day ? 1440 : start.minute;
  const to = end.day < day ? 0 : end.day > day ? 1440 : end.minute;
  return from < to ? [from, to] : null;
}

export interface Box<T> {
  item: T;
  from: number;
  to: number;
  /** Boxes that overlap share the width: this one is `column` of `columns`. */
  column: number;
  columns: number;
}

/** Lays boxes of one day beside one another where they overlap. */
export function layOut<T>(spans: { item: T; from: number; to: number }[]): Box<T>[] {
  const sorted = [...spans].sort((a, b) => a.from - b.from || b.to - a.to);
  const out: Box<T>[] = [];
  let group: Box<T>[] = [];
  let groupEnd = 0;
  const close = () => {
    const columns = Math.max(0, ...group.map((box) => box.column)) + 1;
    for (const box of group) box.columns = columns;
    group = [];
  };
  for (const span of sorted) {
    if (span.from >= groupEnd) close();
    const taken = new Set(group.filter((box) => box.to > span.from).map((box) => box.column));
    let column = 0;
    while (taken.has(column)) column++;
    const box = { ...span, column, columns: 1 };
    group.push(box);
    out.push(box);
    groupEnd = Math.max(groupEnd, span.to);
  }
  close();
  return out;
}

export interface DayBoxes {
  day: number;
  allDay: Event[];
  boxes: Box<Event>[];
}

export function weekOf(events: Event[], monday: number, days: number, zone: string): DayBoxes[] {
  const walls = events.map((event) => ({
    event, start: wallOf(event.start, zone), end: wallOf(event.end, zone),
  }));
  return Array.from({ length: days }, (_, i) => {
    const day = monday + i;
    const spans: { item: Event; from: number; to: number }[] = [];
    const allDay: Event[] = [];
    for (const { event, start, end } of walls) {
      const part = onDay(start, end, day);
      if (!part) continue;
      if (event.all_day) allDay.push(event);
      else spans.push({ item: event, from: part[0], to: part[1] });
    }
    return { day, allDay, boxes: layOut(spans) };
  });
}

/** Hours to show: 8 to 19, more when something lies outside. */
export function hoursOf(days: DayBoxes[], spans: [number, number][]): [number, number] {
  const all = [...days.flatMap((d) => d.boxes.map((b): [number, number] => [b.from, b.to])), ...spans];
  const first = Math.min(8 * 60, ...all.map(([from]) => from));
  const last = Math.max(19 * 60, ...all.map(([, to]) => to));
  return [Math.floor(first / 60), Math.ceil(last / 60)];
}

/** Monday to Friday; the week-end too when something is there. */
export function dayCount(events: Event[], monday: number, zone: string): number {
  const late = weekOf(events, monday, 7, zone).slice(5);
  return late.some((d) => d.boxes.length > 0 || d.allDay.length > 0) ? 7 : 5;
}

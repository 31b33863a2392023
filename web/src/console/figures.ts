// What the page of figures draws: shares by day or week, confidence against errors, and how long requests took.
import type { StatsConfidence, StatsDay, StatsGroup } from './types';

export type Step = 'day' | 'week';
const DAY_S = 86_400;
const days: Record<Step, number> = { day: 1, week: 7 };

export interface Shares {
  /** Seconds since 1970, each day or Monday from the first to the last. */
  times: number[];
  /** Of 1; null: nothing to have a share of. */
  shares: (number | null)[];
}

/** A day without anything is a gap. */
export function sharesOf(rows: readonly StatsDay[], step: Step, part: 'doubts' | 'agreed', whole: 'messages' | 'judged'): Shares {
  const first = rows[0]?.day;
  const last = rows.at(-1)?.day;
  if (first === undefined || last === undefined) return { times: [], shares: [] };
  const by = new Map(rows.map((row) => [row.day, row]));
  const all = Array.from({ length: Math.floor((last - first) / days[step]) + 1 }, (_, i) => first + i * days[step]);
  return {
    times: all.map((day) => day * DAY_S),
    shares: all.map((day) => {
      const row = by.get(day);
      return row === undefined || row[whole] === 0 ? null : row[part] / row[whole];
    }),
  };
}

/** Weeks, where days would stand too close. */
export const stepOf = (rows: readonly StatsDay[]): Step => (rows.length > 35 ? 'week' : 'day');

export interface Calibration {
  /** The middle of each level of confidence, with 0 and 1 around. */
  claimed: number[];
  /** 1 - claimed: so many errors would be as it says. */
  promised: number[];
  observed: (number | null)[];
  low: (number | null)[];
  high: (number | null)[];
}

export function calibrationOf(rows: readonly StatsConfidence[]): Calibration {
  const sorted = [...rows].sort((a, b) => a.from - b.from);
  const claimed = [0, ...sorted.map((row) => (row.from + row.until) / 2000), 1];
  const of = (value: (row: StatsConfidence) => number) => [null, ...sorted.map((row) => (row.samples === 0 ? null : value(row))), null];
  return {
    claimed,
    promised: claimed.map((each) => 1 - each),
    observed: of((row) => row.wrong / row.samples),
    low: of((row) => row.low / 1000),
    high: of((row) => row.high / 1000),
  };
}

export interface Bar {
  group: StatsGroup;
  /** Of 1: of the longest there is. */
  median: number;
  most: number;
}

/** Those with the most decisions first. */
export function barsOf(groups: readonly StatsGroup[], of: 'waited' | 'held'): Bar[] {
  const longest = Math.max(1, ...groups.map((group) => group[`${of}_p90_s`]));
  return [...groups].sort((a, b) => b.decided - a.decided)
    .map((group) => ({ group, median: group[`${of}_s`] / longest, most: group[`${of}_p90_s`] / longest }));
}

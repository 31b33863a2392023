// What the page of metrics makes of the values: which lines stand in which plot, and how numbers are said.
import type { MetricForecast, MetricSeries } from '../api/types';
import type { Language } from '../i18n';

export interface Plot {
  id: 'queue' | 'latency' | 'doubts' | 'errors' | 'disk' | 'memory';
  names: readonly string[];
  /** Lines of several roles are added up. */
  sum: boolean;
}

export const plots: readonly Plot[] = [
  { id: 'queue', names: ['rendez_mailin_queue_mails', 'rendez_outbox_mails'], sum: false },
  { id: 'latency', names: ['rendez_mail_answer', 'rendez_api_request', 'rendez_calendar_answer'], sum: false },
  { id: 'doubts', names: ['rendez_planner_doubts'], sum: false },
  { id: 'errors', names: ['rendez_role_errors'], sum: true },
  { id: 'disk', names: ['rendez_disk_free', 'rendez_store_size'], sum: false },
  { id: 'memory', names: ['rendez_memory_available', 'rendez_role_memory'], sum: true },
];

export interface Line {
  name: string;
  unit: string;
  values: (number | null)[];
}

export interface Drawn {
  /** Seconds since 1970, each hour from the first to the last. */
  times: number[];
  lines: Line[];
}

const HOUR_S = 3600;

/** Puts the series of a plot on one axis; an hour without a value is a gap. */
export function draw(plot: Plot, series: readonly MetricSeries[]): Drawn {
  const mine = series.filter((each) => plot.names.includes(each.name) && each.points.length > 0);
  const hours = mine.flatMap((each) => each.points.map(([hour]) => hour ?? 0));
  if (hours.length === 0) return { times: [], lines: [] };
  const first = Math.min(...hours);
  const count = Math.max(...hours) - first + 1;
  const lines = new Map<string, Line>();
  for (const each of mine) {
    const key = plot.sum ? each.name : `${each.name} ${each.label}`;
    const line = lines.get(key) ?? { name: each.name, unit: each.unit, values: Array<number | null>(count).fill(null) };
    for (const [hour = 0, value = 0] of each.points) line.values[hour - first] = (line.values[hour - first] ?? 0) + value;
    lines.set(key, line);
  }
  const order = (line: Line) => plot.names.indexOf(line.name);
  return {
    times: Array.from({ length: count }, (_, i) => (first + i) * HOUR_S),
    lines: [...lines.values()].sort((a, b) => order(a) - order(b)),
  };
}

export const lastOf = (line: Line): number | null => line.values.reduce((last, value) => value ?? last, null);

const steps: Record<Language, readonly string[]> = {
  fr: ['o', 'Ko', 'Mo', 'Go', 'To'],
  en: ['B', 'kB', 'MB', 'GB', 'TB'],
};

/** "1.4 GB", "250 ms", "12". */
export function sayValue(value: number, unit: string, language: Language): string {
  const number = (n: number, digits: number) => n.toLocaleString(language, { maximumFractionDigits: digits });
  if (unit === 'bytes') {
    const step = Math.min(4, value < 1 ? 0 : Math.floor(Math.log10(value) / 3));
    return `${number(value / 1000 ** step, step < 2 ? 0 : 1)} ${steps[language][step]}`;
  }
  if (unit === 'seconds') return value < 1 ? `${number(value * 1000, 0)} ms` : `${number(value, 1)} s`;
  return number(value, 0);
}

/** The first thing to run out stands first; what does not is left away. */
export const ending = (forecasts: readonly MetricForecast[]): MetricForecast[] =>
  forecasts.filter((each) => each.ends !== null).sort((a, b) => (a.ends ?? '').localeCompare(b.ends ?? ''));

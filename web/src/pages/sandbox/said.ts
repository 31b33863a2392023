// What the words of a mail mean and what the mail does with them, in words: pure functions.
import type { Cue, Explanation, Ignored, Reading, Rival, Step, Time } from '../../api/types';
import type { Key, Language, Say } from '../../i18n';
import { locale } from '../../i18n/time';
import type { Span } from './highlight';
import { wordsAt } from './highlight';

export type Tone = Explanation['stance'] | 'cue' | 'mistake';

export interface Mark extends Span {
  tone: Tone;
  doubt: boolean;
  /** The reading in one line */
  reading: string;
  /** What is done with it, and because of which words */
  verdict: string;
  /** What is uncertain, and what else it could be */
  question: string;
}

/** How words are told to whoever reads the page. */
export interface Teller {
  say: Say;
  language: Language;
  /** Days of this year are told without it */
  year: number;
}

/** Wall-clock times come without an offset: they are shown as they are. */
const wall = (civil: string) => new Date(`${civil}Z`);

const yearIn = (civil: string, year: number): Intl.DateTimeFormatOptions =>
  civil.startsWith(`${year}-`) ? {} : { year: 'numeric' };

function day(civil: string, { language, year }: Teller): string {
  return new Intl.DateTimeFormat(locale(language), {
    weekday: 'long', day: 'numeric', month: 'long', ...yearIn(civil, year), timeZone: 'UTC',
  }).format(wall(civil));
}

function clock(civil: string, { language }: Teller): string {
  return new Intl.DateTimeFormat(locale(language), { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' }).format(
    wall(civil),
  );
}

const moment = (civil: string, time: Time, teller: Teller) =>
  time.clock_only
    ? clock(civil, teller)
    : time.has_clock
      ? `${day(civil, teller)}, ${clock(civil, teller)}`
      : day(civil, teller);

function lengthOf(time: Time, { say }: Teller): string {
  const parts: string[] = [];
  const minutes = Math.round(time.duration_s / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  if (time.duration_months > 0) parts.push(say('said.months', { count: time.duration_months }));
  if (days > 0) parts.push(say('said.days', { count: days }));
  if (hours > 0) parts.push(`${hours} h`);
  if (minutes % 60 > 0) parts.push(`${minutes % 60} min`);
  return parts.join(' ');
}

const dayMs = 86_400_000;

function between(time: Time, start: string, end: string, teller: Teller): string {
  if (!time.has_clock) {
    const last = new Date(wall(end).getTime() - dayMs).toISOString().slice(0, 19);
    return last > start ? `${day(start, teller)} – ${day(last, teller)}` : day(start, teller);
  }
  const from = moment(start, time, teller);
  if (start === end || time.kind === 'instant') return from;
  return start.slice(0, 10) === end.slice(0, 10)
    ? `${from} – ${clock(end, teller)}`
    : `${from} – ${moment(end, time, teller)}`;
}

/** A weekday lies in the week that the mail speaks of: what counts is where the mail puts it. */
function placed(time: Time): Time {
  const days = time.explanation?.placed ?? '';
  if (days === '' || time.start === null || time.end === null) return time;
  const shift = wall(`${days}T00:00:00`).getTime() - wall(`${time.start.slice(0, 10)}T00:00:00`).getTime();
  const move = (civil: string) => new Date(wall(civil).getTime() + shift).toISOString().slice(0, 19);
  return { ...time, start: move(time.start), end: move(time.end) };
}

/** "Tuesday 1 December, 14:00", "before 10:00", "45 min" */
export function readingOf(found: Time, teller: Teller): string {
  const { say } = teller;
  const time = placed(found);
  if (time.kind === 'duration') return lengthOf(time, teller);
  if (time.kind === 'set') return say('said.repeats', { rule: time.rrule });
  const start = time.start ?? '';
  const said =
    time.open === ''
      ? between(time, start, time.end ?? start, teller)
      : say(`said.${time.open}`, { time: moment(start, time, teller) });
  return time.zone === '' ? said : say('said.zone', { time: said, zone: time.zone });
}

const words = (text: string, offset: number, length: number) => wordsAt(text, { offset, length });

/** "Ruled out by “sauf” (exception)" */
export function verdictOf(why: Explanation, text: string, { say }: Teller): string {
  const stance = say(`stance.${why.stance}`);
  if (why.cause === '') return stance;
  const cause = say(`cause.${why.cause}`);
  return why.cue_length === 0
    ? `${stance} (${cause})`
    : say('said.because', { stance, cause, words: words(text, why.cue_offset, why.cue_length) });
}

const isoDay = /\d{4}-\d{2}-\d{2}/g;

/** Days of a derivation as the reader writes them. */
export const localDays = (text: string, { language, year }: Teller): string =>
  text.replace('/', ' – ').replace(isoDay, (iso) =>
    new Intl.DateTimeFormat(locale(language), {
      day: 'numeric', month: 'short', ...yearIn(iso, year), timeZone: 'UTC',
    }).format(wall(`${iso}T00:00:00`)),
  );

function questionOf(time: Time, teller: Teller): string {
  const { say } = teller;
  if (time.doubt === '') return '';
  const other = time.explanation?.rivals.find((rival) => rival.loss === 'doubt');
  const question = say(`doubt.${time.doubt}`);
  return other ? say('said.or', { question, other: localDays(other.resolved, teller) }) : question;
}

const overlap = (a: Span, b: Span) => a.offset < b.offset + b.length && b.offset < a.offset + a.length;

function markOfTime(time: Time, text: string, teller: Teller): Mark {
  const why = time.explanation;
  return {
    offset: time.offset,
    length: time.length,
    tone: why?.stance ?? (time.negated ? 'excluded' : 'none'),
    doubt: time.doubt !== '',
    reading: readingOf(time, teller),
    verdict: why && why.stance !== 'none' ? verdictOf(why, text, teller) : '',
    question: questionOf(time, teller),
  };
}

/** The words that rule out, prefer …: marked beside what they speak of. */
function markOfCause(time: Time, text: string, { say }: Teller): Mark[] {
  const why = time.explanation;
  if (!why || why.cue_length === 0 || why.cause === '') return [];
  return [
    {
      offset: why.cue_offset,
      length: why.cue_length,
      tone: 'cue',
      doubt: false,
      reading: say(`cause.${why.cause}`),
      verdict: say('said.makes', { words: words(text, time.offset, time.length), stance: say(`stance.${why.stance}`) }),
      question: '',
    },
  ];
}

const markOfCue = (cue: Cue, reading: Reading, { say }: Teller): Mark => ({
  offset: cue.offset,
  length: cue.length,
  tone: 'cue',
  doubt: false,
  reading: say('said.cue', { intent: say(`intent.${reading.intent}`) }),
  verdict: '',
  question: '',
});

const markOfIgnored = (ignored: Ignored, { say }: Teller): Mark => ({
  offset: ignored.offset,
  length: ignored.length,
  tone: 'mistake',
  doubt: false,
  reading: say('said.no_time'),
  verdict: say(`mistake.${ignored.mistake}`),
  question: '',
});

/** What is marked in the text; of marks that overlap the first wins, so times come first. */
export function marksOf(reading: Reading, teller: Teller): Mark[] {
  const { text, times } = reading;
  return [
    ...times.map((time) => markOfTime(time, text, teller)),
    ...times.flatMap((time) => markOfCause(time, text, teller)),
    ...reading.ignored.filter((i) => !times.some((t) => overlap(t, i))).map((i) => markOfIgnored(i, teller)),
    ...reading.cues.filter((cue) => cue.decisive).map((cue) => markOfCue(cue, reading, teller)),
  ];
}

export interface Node {
  step: Step;
  parts: Node[];
}

/** Steps come in preorder with their depth. */
export function treeOf(steps: readonly Step[]): Node[] {
  const roots: Node[] = [];
  const open: Node[] = [];
  for (const step of steps) {
    const node: Node = { step, parts: [] };
    open.length = Math.min(step.depth, open.length);
    (open.at(-1)?.parts ?? roots).push(node);
    open.push(node);
  }
  return roots;
}

const kinds = [
  'date', 'days', 'moment', 'time', 'hours', 'part', 'length', 'repetition', 'bound', 'weekday', 'month', 'number',
  'ordinal', 'unit', 'edge', 'day', 'zone', 'half', 'year', 'holiday', 'season', 'joint',
] as const;

const kindText = (kind: string, { say }: Teller): string => {
  const known = kinds.find((name) => name === kind);
  return known ? say(`step.${known}`) : kind;
};

/** The few English words that values are made of. */
const french: Record<string, string> = {
  before: 'avant', after: 'après', until: 'jusqu’à', by: 'au plus tard', from: 'dès', am: 'matin', pm: 'après-midi',
  or: 'ou', week: 'semaine', quarter: 'trimestre', year: 'année', hour: 'heure', minute: 'minute', second: 'seconde',
  fortnight: 'quinzaine', weekend: 'week-end', night: 'nuit', morning: 'matin', afternoon: 'après-midi',
  evening: 'soir', noon: 'midi', lunch: 'déjeuner', dinner: 'dîner', breakfast: 'petit-déjeuner', today: 'aujourd’hui',
  tonight: 'ce soir', early: 'tôt', late: 'tard', middle: 'milieu', end: 'fin', start: 'début', ahead: 'plus tard',
  back: 'plus tôt', around: 'vers', of: 'de', the: 'le', h: 'h', w: 'sem.', d: 'j',
};
const english = { weekday: new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }), month: new Intl.DateTimeFormat('en', { month: 'long', timeZone: 'UTC' }) };
for (let i = 0; i < 12; i++) {
  const date = new Date(Date.UTC(2026, i, 1 + i));
  const local = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('fr-FR', { ...options, timeZone: 'UTC' }).format(date);
  french[english.month.format(date).toLowerCase()] = local({ month: 'long' });
}
for (let i = 0; i < 7; i++) {
  const date = new Date(Date.UTC(2026, 0, 1 + i));
  french[english.weekday.format(date).toLowerCase()] = new Intl.DateTimeFormat('fr-FR', { weekday: 'long', timeZone: 'UTC' }).format(date);
}
french['months'] = 'mois';
french['days'] = 'jours';

/** "date: tuesday → 1 Dec 2026" */
export function stepText(step: Step | Rival, teller: Teller): string {
  const kind = kindText(step.kind, teller);
  if (step.kind === 'joint') return kind;
  const value = teller.language === 'fr' ? step.value.replace(/[a-z]+/g, (word) => french[word] ?? word) : step.value;
  const resolved = step.resolved === '' ? '' : ` → ${localDays(step.resolved, teller)}`;
  return `${kind}${value === '' ? '' : ` ${value}`}${resolved}`;
}

export const lossText = (rival: Rival, { say }: Teller): string => {
  const loss = say(`loss.${rival.loss}`);
  return rival.doubt !== '' && rival.loss !== 'doubt' ? `${loss}; ${say(`doubt.${rival.doubt}` as Key)}` : loss;
};

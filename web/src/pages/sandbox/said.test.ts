import { describe, expect, it } from 'vitest';
import type { Explanation, Reading, Step, Time } from '../../api/types';
import { sayIn } from '../../i18n';
import type { Teller } from './said';
import { lossText, marksOf, readingOf, stepText, treeOf, verdictOf } from './said';

const en: Teller = { say: sayIn('en'), language: 'en', year: 2026 };
const fr: Teller = { say: sayIn('fr'), language: 'fr', year: 2026 };

const why: Explanation = {
  stance: 'allowed', cause: '', cue_offset: 0, cue_length: 0, placed: '', steps: [], rivals: [], rivals_left: 0,
};
const time: Time = {
  text: '', offset: 0, length: 5, kind: 'instant', grain: 'day', start: '2026-03-03T00:00:00', end: '2026-03-04T00:00:00',
  open: '', duration_s: 0, duration_months: 0, rrule: '', has_clock: false, clock_only: false, zone: '', doubt: '',
  negated: false, exception: false, explanation: why,
};
const reading: Reading = {
  language: 'fr', intent: 'request', confidence: 900, kind: '', duration_minutes: 0, recurs: '', place: '', doubt: '', people: [],
  windows: [], preferred: [], accepted: [], times: [], cues: [], ignored: [], question: '', text: '', supervision: null,
};
const step = (depth: number, value: string, more: Partial<Step> = {}): Step => ({
  depth, rule: '', offset: 0, length: 1, kind: 'date', value, resolved: '', ...more,
});

describe('readingOf', () => {
  const clock = { has_clock: true, start: '2026-03-03T14:00:00' };
  it.each([
    [{}, en, 'Tuesday 3 March'],
    [{}, fr, 'mardi 3 mars'],
    [{}, { ...en, year: 2025 }, 'Tuesday, 3 March 2026'],
    [{ end: '2026-03-06T00:00:00', kind: 'interval' }, en, 'Tuesday 3 March – Thursday 5 March'],
    [{ ...clock, end: '2026-03-03T14:00:00' }, en, 'Tuesday 3 March, 14:00'],
    [{ ...clock, end: '2026-03-03T16:30:00', kind: 'interval' }, fr, 'mardi 3 mars, 14:00 – 16:30'],
    [{ ...clock, end: '2026-03-04T02:00:00', kind: 'interval' }, en, 'Tuesday 3 March, 14:00 – Wednesday 4 March, 02:00'],
    [{ ...clock, clock_only: true, open: 'before', kind: 'interval' }, fr, 'avant 14:00'],
    [{ open: 'after', kind: 'interval' }, en, 'after Tuesday 3 March'],
    [{ ...clock, end: '2026-03-03T14:00:00', zone: 'Europe/London' }, en, 'Tuesday 3 March, 14:00 (Europe/London)'],
    [{ kind: 'duration', duration_s: 5400 }, en, '1 h 30 min'],
    [{ kind: 'duration', duration_s: 1_209_600, duration_months: 2 }, fr, '2 mois 14 j'],
    [{ kind: 'set', rrule: 'FREQ=WEEKLY;BYDAY=MO' }, en, 'repeats: FREQ=WEEKLY;BYDAY=MO'],
    [{ explanation: { ...why, placed: '2026-03-10' } }, en, 'Tuesday 10 March'],
  ] as [Partial<Time>, Teller, string][])('%j', (more, teller, text) => {
    expect(readingOf({ ...time, ...more }, teller)).toBe(text);
  });
});

describe('verdictOf', () => {
  it.each([
    [{}, 'possible'],
    [{ stance: 'ignored', cause: 'past' }, 'not counted (already past)'],
    [{ stance: 'excluded', cause: 'exception', cue_offset: 7, cue_length: 4 }, 'ruled out: “sauf” (exception)'],
  ] as [Partial<Explanation>, string][])('%j', (more, text) => {
    expect(verdictOf({ ...why, ...more }, 'été, sauf mardi', en)).toBe(text);
  });
});

describe('marksOf', () => {
  const text = 'Mardi, sauf le 10/03. Trouve. 06 12 34 56 78';
  const at = (words: string) => ({ offset: text.indexOf(words), length: words.length });
  const doubtful: Time = {
    ...time, ...at('le 10/03'), doubt: 'day_or_month', negated: true,
    explanation: {
      ...why, stance: 'excluded', cause: 'exception', cue_offset: text.indexOf('sauf'), cue_length: 4,
      rivals: [{ ...step(0, '', { resolved: '2026-10-03' }), loss: 'doubt', doubt: 'day_or_month' }],
    },
  };
  const marks = marksOf(
    {
      ...reading, text, times: [{ ...time, ...at('Mardi') }, doubtful],
      cues: [
        { ...at('Trouve'), name: 'request', negated: false, decisive: true },
        { ...at('sauf'), name: 'refuse', negated: false, decisive: false },
      ],
      ignored: [{ ...at('06 12 34 56 78'), mistake: 'telephone' }, { ...at('10/03'), mistake: 'price' }],
    },
    fr,
  );
  it('tells what is done with each, times first', () => {
    expect(marks.map((m) => m.tone)).toEqual(['allowed', 'excluded', 'cue', 'mistake', 'cue']);
    expect(marks[1]).toMatchObject({
      doubt: true, verdict: 'exclu : « sauf » (exception)', question: 'Jour ou mois en premier ? Ou alors : 3 oct.',
    });
    expect(marks[2]).toMatchObject({ ...at('sauf'), reading: 'exception', verdict: 'le 10/03 : exclu' });
    expect(marks[3]).toMatchObject({ reading: 'Pas lu comme un moment', verdict: 'ressemble à un numéro de téléphone' });
    expect(marks[4]?.reading).toBe('Indique : demande un rendez-vous');
  });
  it('shows a reading without its reasons', () => {
    const old = marksOf({ ...reading, text, times: [{ ...time, explanation: null, negated: true }] }, en);
    expect(old).toMatchObject([{ tone: 'excluded', verdict: '', reading: 'Tuesday 3 March' }]);
  });
});

describe('treeOf', () => {
  it('nests by depth', () => {
    const tree = treeOf([step(0, 'a'), step(1, 'b'), step(2, 'c'), step(1, 'd')]);
    expect(tree).toHaveLength(1);
    expect(tree[0]?.parts.map((n) => n.step.value)).toEqual(['b', 'd']);
    expect(tree[0]?.parts[0]?.parts[0]?.step.value).toBe('c');
    expect(treeOf([])).toEqual([]);
    expect(treeOf([step(0, 'a'), step(5, 'b')])[0]?.parts).toHaveLength(1);
  });
});

describe('steps in words', () => {
  it.each([
    [step(0, 'tuesday 14:00', { kind: 'moment', resolved: '2026-03-03 14:00' }), fr, 'moment mardi 14:00 → 3 mars 14:00'],
    [step(0, 'tuesday', { resolved: '2026-03-03' }), en, 'date tuesday → 3 Mar'],
    [step(0, 'week', { resolved: '2026-03-02/2026-03-08' }), en, 'date week → 2 Mar – 8 Mar'],
    [step(0, 'the', { kind: 'joint' }), fr, 'mot de liaison'],
    [step(0, '12 march 2027', { resolved: '2027-03-12' }), fr, 'date 12 mars 2027 → 12 mars 2027'],
    [step(0, 'x', { kind: 'something new' }), en, 'something new x'],
  ])('%j', (one, teller, text) => {
    expect(stepText(one, teller)).toBe(text);
  });
  it('say why a reading lost', () => {
    const rival = { ...step(0, ''), loss: 'shorter' as const, doubt: '' as const };
    expect(lossText(rival, en)).toBe('reads fewer words');
    expect(lossText({ ...rival, loss: 'rank', doubt: 'past' }, en)).toBe('a rule of lower rank; That time has passed.');
    expect(lossText({ ...rival, loss: 'doubt', doubt: 'am_pm' }, en)).toBe('could be meant as well');
  });
});

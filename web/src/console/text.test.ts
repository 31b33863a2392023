import { describe, expect, it } from 'vitest';
import { lengthLeft, lengthTaken } from './left';
import { pageOf, pagesOf } from './route';
import { sayDecision } from './said';
import { sayIn } from './scene';
import { isSaid, newLines } from './sends';
import { marksOf, tokensOf } from './text';
import type { CaseReading, CaseTask, Decision } from './types';

const task: CaseTask = {
  id: 't', reason: 'unsure', opened: '2026-11-26T10:00:00Z', deadline: '2026-11-26T11:00:00Z', priority: 'normal', language: 'fr', four_eyes: [],
  question: null, opinion: null, note: null, proposed: null,
  reason_words: [{ at: 0, len: 5, means: 'accept' }, { at: 6, len: 4, means: 'condition' }, { at: 11, len: 4, means: 'time' }, { at: 20, len: 2, means: 'something new' }],
};
const reading: CaseReading = {
  intent: 'accept', confidence: 600, doubt: '', people: [], kind: '', duration_min: 0, place: '', accepted: [], refused: [],
  windows: [
    { start: '2026-12-01T13:00:00Z', end: '2026-12-01T17:00:00Z', wish: 'wanted', at: 11, len: 4 },
    { start: '2026-12-02T13:00:00Z', end: '2026-12-02T17:00:00Z', wish: 'wanted', at: 11, len: 4 },
    { start: '2026-12-03T13:00:00Z', end: '2026-12-03T17:00:00Z', wish: 'preferred', at: 0, len: 0 },
  ],
};

describe('tokensOf', () => {
  it.each([
    ['', []],
    ['Bonjour', [['Bonjour', null]]],
    ['Bonjour [P2], au […].', [['Bonjour ', null], ['[P2]', 'P2'], [', au ', null], ['[…]', '…'], ['.', null]]],
    ['[P12][P1]', [['[P12]', 'P12'], ['[P1]', 'P1']]],
    ['[P] [Px] [1]', [['[P] [Px] [1]', null]]],
  ] as [string, [string, string | null][]][])('%s', (text, tokens) => {
    expect(tokensOf(text).map((token) => [token.text, token.id])).toEqual(tokens);
  });

  it.each([['[P1] […] ', false], ['[P1]!', true], ['', false], [' ok ', true]])('says something: %s', (text, says) => {
    expect(isSaid(text)).toBe(says);
  });
});

describe('marksOf', () => {
  const marks = marksOf(task, reading, 'Europe/Paris', sayIn('en'), 'en');
  it('has the times first, those of the same words in one', () => {
    expect(marks[0]).toEqual({ offset: 11, length: 4, means: 'Tue 1 Dec, 14:00 – 18:00 · possible\nWed 2 Dec, 14:00 – 18:00 · possible', tone: 'time' });
    expect(marks).toHaveLength(5); // a window of no words has no mark
  });

  it('says what every other word means, also one that is not known here', () => {
    expect(marks.slice(1).map(({ means, tone }) => [means, tone])).toEqual([['accepts', 'act'], ['a condition', 'doubt'], ['a time', 'time'], ['something new', 'act']]);
  });
});

describe('newLines', () => {
  it.each([
    ['a\nb', 'a\nb', [false, false]], ['a\nc\n\nb', 'a\nb', [false, true, false, false]], [' a ', 'a', [false]], ['', 'a', [false]],
  ])('%j after %j', (now, before, fresh) => {
    expect(newLines(now, before)).toEqual(fresh);
  });
});

describe('sayDecision', () => {
  const words = { say: sayIn('en'), language: 'en' as const, zone: 'Europe/Paris', label: (id: string) => `<${id}>` };
  it.each<[Decision, string]>([
    [{ approve: true }, 'to confirm what was read'],
    [{ refuse: true }, 'to refuse'],
    [{ refuse: true, text: 'Sorry.' }, 'to refuse\nSorry.'],
    [{ take_over: 'Hello' }, 'to answer in these words\nHello'],
    [{ ask_back: { whom: 'writer', text: 'When?' } }, 'to ask back\nWhen?'],
    [{ reading: { intent: 'counter', duration_min: 30, accepted: [], place: '', people: [{ id: 'P2', role: 'remove' }, { address: 'zoe@noroit.example', role: 'attend' }] } },
      'to confirm it as corrected\nIntent: offers other times\nDuration: 30 min\nPlace: –\nPeople: <P2>: is taken out; zoe@noroit.example: takes part\naccepted: –'],
    [{ reading: { windows: [{ start: '2026-12-01T13:00:00Z', end: '2026-12-01T17:00:00Z', wish: 'refused' }] } },
      'to confirm it as corrected\nWindows: Tue 1 Dec, 14:00 – 18:00 (not possible)'],
  ])('%j', (decision, said) => {
    expect(sayDecision(decision, words)).toBe(said);
  });
});

describe('lengths', () => {
  it.each([[0, '0:00'], [-5, '0:00'], [61_999, '1:01'], [3_599_000, '59:59'], [3_600_000, '1 h 00'], [7_500_000, '2 h 05']])('%d ms: %s', (ms, said) => {
    expect(lengthLeft(ms)).toBe(said);
  });
  it.each([[45, '45 s'], [100, '2 min'], [5_400, '1 h 30']])('%d s: %s', (seconds, said) => {
    expect(lengthTaken(seconds)).toBe(said);
  });
});

describe('pages', () => {
  it.each([['', ['requests.read'], 'desk'], ['#stats', ['requests.read'], 'desk'], ['#stats', ['requests.assign'], 'stats'], ['#nothing', ['requests.assign'], 'desk']])(
    '%s with %j: %s', (hash, rights, page) => {
      expect(pageOf(hash, rights)).toBe(page);
    });
  it('of a lead are all', () => {
    expect(pagesOf(['requests.assign'])).toEqual(['desk', 'open', 'stats', 'lessons']);
  });
});

import { describe, expect, it } from 'vitest';
import { ApiError } from '../api/client';
import type { Api } from './desk';
import { AWAY_MS, Desk, completed, modeOf } from './desk';
import type { Case, CaseReading } from './types';

const reading: CaseReading = {
  intent: 'accept', confidence: 600, doubt: '', people: [{ id: 'P2', role: 'remove', unsure: false }], kind: '', duration_min: 30, place: '', windows: [], accepted: [1], refused: [],
};
const shown: Case = {
  task: {
    id: 't', reason: 'unsure', reason_words: [], opened: '2026-11-26T10:00:00Z', deadline: '2026-11-26T11:00:00Z', priority: 'normal', language: 'fr',
    four_eyes: ['refuse'], question: null, opinion: null, note: null, proposed: null,
  },
  meeting: { id: 'm', version: 3, state: 'supervision', subject: '', zone: 'Europe/Paris' },
  people: [
    { id: 'P1', label: 'A.', role: 'organiser', active: true }, { id: 'P2', label: 'B.', role: 'required', active: true },
    { id: 'P3', label: 'C.', role: 'optional', active: true }, { id: 'P4', label: 'D.', role: 'required', active: false }, { id: 'P5', label: 'E.', role: 'none', active: true },
  ],
  thread: [], reading, offers: [], busy: [], draft: null, does: 'acts',
};

/** A desk whose server answers by the end of the path; a function is asked each time. */
function deskWith(answers: Record<string, unknown> = {}) {
  let now = 1_000_000;
  const asked: string[] = [];
  const all: Record<string, unknown> = {
    '/queue': { waiting: [], oldest: null, mine: [] }, '/next': { task: 't' }, '/tasks/t': shown, '/session': {},
    '/beat': () => ({ until: new Date(now + 90_000).toISOString() }), '/preview': shown, '/decide': { state: 'closed' }, '/propose': { state: 'seconding' }, ...answers,
  };
  const answer = async <T>(path: string): Promise<T> => {
    asked.push(path);
    const found = Object.entries(all).find(([end]) => path.endsWith(end))?.[1];
    const value: unknown = typeof found === 'function' ? (found as () => unknown)() : found;
    if (value instanceof Error) throw value;
    return value as T;
  };
  const api: Api = { get: answer, post: answer };
  let over = 0;
  const desk = new Desk(api, () => now, () => over++);
  const count = (end: string) => asked.filter((path) => path.endsWith(end)).length;
  return { desk, count, all, overs: () => over, pass: (ms: number) => (now += ms) };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));
const refusal = (status: number, code: string) => new ApiError(status, '', code);

describe('completed', () => {
  it('has those whom the reading does not speak of, as they take part', () => {
    expect(completed(shown).reading?.people).toEqual([
      { id: 'P1', role: 'attend', unsure: false }, { id: 'P2', role: 'remove', unsure: false }, { id: 'P3', role: 'optional', unsure: false },
    ]);
  });

  it('is a case without a meeting too', () => {
    expect(completed({ task: shown.task })).toMatchObject({ people: [], thread: [], reading: null, meeting: { id: '', version: 0 } });
  });
});

describe('modeOf', () => {
  it.each<[string, Partial<Case>, string]>([
    ['case', {}, 'case'],
    ['a second look', { reading: null }, 'sample'],
    ['asked', { task: { ...shown.task, question: '?' } }, 'asked'],
    ['answered', { task: { ...shown.task, question: '?', opinion: '!' } }, 'case'],
    ['seconding', { task: { ...shown.task, proposed: { refuse: true } } }, 'seconding'],
    ['alone', { meeting: { ...shown.meeting, id: '' } }, 'alone'],
  ])('%s', async (_, more, mode) => {
    const { desk } = deskWith({ '/tasks/t': { ...shown, ...more } });
    await desk.next();
    expect(modeOf(desk.state)).toBe(mode);
  });
});

describe('a desk', () => {
  it('shows at once what came with the answer, and asks for what did not', async () => {
    const together = deskWith({ '/next': { task: 't', case: shown } });
    await together.desk.next();
    const apart = deskWith();
    await apart.desk.next();
    await settled(); // the queue, which nobody waits for
    expect([together, apart].map(({ count }) => count('/tasks/t'))).toEqual([0, 1]);
    expect(together.desk.state).toEqual(apart.desk.state);
  });

  it('says that it is there, unless nobody is', async () => {
    const { desk, count, pass } = deskWith();
    await desk.next();
    pass(29_000);
    desk.tick();
    await settled();
    expect(count('/beat')).toBe(0);
    pass(2_000);
    desk.tick();
    await settled();
    expect(count('/beat')).toBe(1);
    for (let i = 0; i < 12; i++) {
      pass(30_000);
      desk.tick();
      await settled();
    }
    const beats = count('/beat');
    expect(beats).toBeLessThan(11);
    expect(beats).toBeGreaterThanOrEqual(Math.floor(AWAY_MS / 30_000) - 1);
    pass(90_000);
    desk.tick();
    expect(desk.state).toMatchObject({ phase: 'lost', why: 'away', case: null });
  });

  it('shows the last of several corrections only', async () => {
    let answered = 0;
    const { desk } = deskWith({ '/preview': () => ({ ...shown, draft: { to: [], subject: '', text: String(++answered) } }) });
    await desk.next();
    const first = desk.edit({ intent: 'counter' });
    const second = desk.edit({ duration_min: 45 });
    await Promise.all([first, second]);
    expect(desk.state.preview?.draft?.text).toBe('2');
    expect(desk.state.edits).toEqual({ intent: 'counter', duration_min: 45 });
    await desk.undo();
    expect(desk.state.edits).toEqual({ intent: 'counter' });
  });

  it('decides nothing that was not seen, and nothing twice', async () => {
    const { desk, count } = deskWith({ '/preview': refusal(400, '') });
    await desk.next();
    await desk.edit({ intent: 'counter' });
    expect(desk.state.notice).toBe('invalid');
    expect(await desk.decide()).toBe(false);
    await desk.undo();
    expect(await Promise.all([desk.decide(), desk.decide()])).toEqual([true, false]);
    expect(count('/decide')).toBe(1);
    expect(desk.state).toMatchObject({ phase: 'done', case: null, edits: {} });
  });

  it('says so to whoever signs in without being a supervisor', async () => {
    const { desk } = deskWith({ '/queue': refusal(403, 'function') });
    await desk.refresh();
    expect(desk.state).toMatchObject({ phase: 'idle', notice: 'not_yours' });
  });

  it('proposes what needs four eyes', async () => {
    const { desk, count } = deskWith();
    await desk.next();
    await desk.decide({ refuse: true });
    expect([count('/propose'), count('/decide')]).toEqual([1, 0]);
    expect(desk.state.done).toMatchObject({ doing: 'refuse', proposed: true });
  });

  it.each([
    ['over', 409, 'over', 'lost', false], ['not assigned', 403, 'not_assigned', 'lost', true], ['unknown', 404, '', 'lost', true], ['posture', 403, 'posture', 'covered', true], ['door', 403, 'door', 'covered', true],
    ['signed out', 401, '', 'idle', true],
  ])('that is %s keeps nothing of the request, and what was typed or not', async (_, status, code, phase, keeps) => {
    const { desk, all, pass } = deskWith();
    await desk.next();
    desk.type({ reply: 'Dear [P2]' });
    all['/beat'] = all['/tasks/t'] = refusal(status, code);
    pass(31_000);
    desk.tick();
    await settled();
    expect(desk.state).toMatchObject({ phase, case: null, preview: null });
    delete all['/beat'];
    all['/tasks/t'] = shown;
    all['/queue'] = { waiting: [], oldest: null, mine: [{ task: 't' }] };
    if (phase !== 'lost') await desk.refresh(); // who has lost one is told anew by “next” itself
    if (phase === 'covered') desk.come();
    else await desk.next();
    await settled();
    expect(desk.state.phase).toBe('case');
    expect(desk.state.typed.reply).toBe(keeps ? 'Dear [P2]' : '');
  });

  it('keeps nothing for another person, and nothing for long', async () => {
    const { desk, all, pass, overs } = deskWith();
    for (const forget of [() => desk.forget(), () => pass(16 * 60_000)]) {
      all['/tasks/t'] = shown;
      await desk.next();
      desk.type({ reply: 'Dear [P2]' });
      all['/session'] = refusal(401, 'no_session');
      desk.come();
      await settled();
      expect(desk.keeps).toBe(true);
      all['/session'] = {};
      forget();
      desk.tick();
      expect(desk.keeps).toBe(false);
    }
    expect(overs()).toBe(2);
  });

  it('closes what was opened after a minute', async () => {
    const { desk, count, pass } = deskWith({ '/open': { people: [] }, '/close': {} });
    await desk.next();
    await desk.open('identify');
    pass(59_000);
    desk.tick();
    expect(desk.state.opened.people).toBeDefined();
    pass(2_000);
    desk.tick();
    expect(desk.state.opened).toEqual({});
    expect(count('/close')).toBe(1);
  });
});

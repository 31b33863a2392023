// One supervisor's desk: the task that they have, what they have changed of it and typed about it, and what becomes of it. It
// knows no page: what the page shows is `state`, what it does are the methods, the clock ticks from outside.
import { ApiError } from '../api/client';
import { type Act, type Edits, actOf, changed, changedPerson, decisionOf, fitting, isChanged, withoutPerson } from './edits';
import type { Mode } from './keys';
import type {
  Beat, Case, Decision, Lesson, PartDraft, PartName, PartPeople, PartWords, Purpose, Queue, SaidPerson, Taken, TaskMoved,
} from './types';

export interface Api {
  get: <T>(path: string) => Promise<T>;
  post: <T>(path: string, body?: object, more?: Pick<RequestInit, 'signal' | 'keepalive'>) => Promise<T>;
}

export type Phase = 'idle' | 'taking' | 'case' | 'covered' | 'done' | 'lost';
/** covered: device, posture, network, door; lost: the others */
export type Why = 'device' | 'posture' | 'network' | 'door' | 'over' | 'gone' | 'away' | 'lease' | 'paused';
export type PanelName = 'reply' | 'ask' | 'refuse' | 'opinion' | 'answer' | 'hand_on' | 'open' | 'lesson';
export type Notice = 'first' | 'enough' | 'conflict' | 'unreachable' | 'slow' | 'unavailable' | 'invalid' | 'denied' | 'not_yours' | 'other';
export type Doing = Act | 'propose' | 'second' | 'not_second' | 'opinion' | 'answer' | 'hand_on' | 'leave';

/** What is typed about a task. */
export interface Typed {
  reply: string;
  ask: string;
  whom: 'writer' | 'organizer';
  refuse: string;
  opinion: string;
  answer: string;
  note: string;
  to: 'anybody' | 'lead';
}
const untyped: Typed = { reply: '', ask: '', whom: 'writer', refuse: '', opinion: '', answer: '', note: '', to: 'anybody' };

export interface Parts {
  people: PartPeople;
  words: PartWords;
  draft: PartDraft;
}
/** Nothing shortened, until then (milliseconds of the server's clock). */
export type Opened = { [K in PartName]?: { data: Parts[K]; until: number } };

export interface DeskState {
  phase: Phase;
  why: Why | null;
  queue: Queue | null;
  /** The last time that somebody asked, nothing waited */
  empty: boolean;
  task: string | null;
  case: Case | null;
  /** With what is changed; null: nothing is, or the answer has not come */
  preview: Case | null;
  previewing: boolean;
  edits: Edits;
  past: Edits[];
  typed: Typed;
  panel: PanelName | null;
  part: PartName;
  opened: Opened;
  /** Until when the task is ours unless we say again that we are there */
  ends: number;
  /** Nobody has touched anything for some minutes */
  away: boolean;
  offline: boolean;
  doing: Doing | null;
  notice: Notice | null;
  done: { doing: Doing; proposed: boolean; corrected: boolean } | null;
  lesson: Lesson | null;
}

const nothing = {
  task: null, case: null, preview: null, previewing: false, edits: {}, past: [], typed: untyped, panel: null, part: 'people', opened: {},
  ends: 0, away: false, doing: null, notice: null, done: null, lesson: null, why: null, empty: false,
} as const satisfies Partial<DeskState>;

const BEAT_MS = 30_000;
const SESSION_MS = 3_000;
const QUEUE_MS = 10_000;
const TAKEN_MS = 90_000; // until the first beat says better
const OPEN_MS = 60_000;
const KEPT_MS = 15 * 60_000;
export const AWAY_MS = 5 * 60_000;

interface Kept {
  edits: Edits;
  past: Edits[];
  typed: Typed;
  until: number;
}

/** What a task without a meeting has; and of a reading, also those whom it does not speak of: they can be taken out too. */
export function completed(given: Pick<Case, 'task'> & Partial<Case>): Case {
  const shown: Case = {
    meeting: { id: '', version: 0, state: '', subject: '', zone: 'UTC' }, people: [], thread: [], reading: null, offers: [], busy: [], draft: null, does: 'acts', ...given,
  };
  if (!shown.reading) return shown;
  const spokenOf = new Set(shown.reading.people.map(({ id }) => id));
  const others = shown.people.filter(({ id, role, active }) => active && role !== 'none' && !spokenOf.has(id))
    .map(({ id, role }) => ({ id, role: role === 'optional' ? 'optional' : 'attend', unsure: false }));
  const place = ({ id }: { id: string }) => shown.people.findIndex((each) => each.id === id);
  const people = [...shown.reading.people, ...others].sort((a, b) => place(a) - place(b));
  return { ...shown, reading: { ...shown.reading, people } };
}

export const modeOf = ({ phase, case: shown }: DeskState): Mode => {
  if (phase === 'done') return 'done';
  if (phase !== 'case' || !shown) return 'idle';
  if (shown.task.proposed) return 'seconding';
  if (shown.task.question && !shown.task.opinion) return 'asked';
  if (shown.meeting.id === '') return 'alone';
  return shown.reading === null ? 'sample' : 'case';
};

/** The reading can be changed by whoever decides, not by who is asked. */
export const mayCorrect = (state: DeskState): boolean => ['case', 'sample'].includes(modeOf(state));

/** Nothing of the request on the screen may outlive these. */
const covers: readonly string[] = ['device', 'posture', 'network', 'door'];

export class Desk {
  state: DeskState = { phase: 'idle', queue: null, offline: false, ...nothing };
  private listeners = new Set<() => void>();
  private kept = new Map<string, Kept>();
  private previews: AbortController | null = null;
  private due = { beat: 0, session: 0, queue: 0 };
  private touched: number;

  constructor(private api: Api, private now: () => number, private onOver: () => void) {
    this.touched = now();
  }

  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private set(more: Partial<DeskState>): void {
    this.state = { ...this.state, ...more };
    for (const listener of this.listeners) listener();
  }

  private is = (phase: Phase) => this.state.phase === phase;

  private path = (rest = '') => `/tasks/${encodeURIComponent(this.state.task ?? '')}${rest}`;

  /** Leaves the request; what was typed about it waits for a while, in case the task comes back. */
  private clear(more: Partial<DeskState>, keep = false): void {
    const { task, edits, past, typed } = this.state;
    this.previews?.abort();
    this.closeAll();
    if (task !== null && keep && (isChanged(edits) || typed !== untyped))
      this.kept.set(task, { edits, past, typed, until: this.now() + KEPT_MS });
    else if (task !== null) this.kept.delete(task);
    this.set({ ...nothing, ...more });
  }

  /** What a failure means for the desk. */
  private fail(error: unknown): void {
    if (!(error instanceof ApiError)) throw error;
    const { status, code } = error;
    this.set({ doing: null, offline: status === 0 });
    if (status === 401) return this.signedOut();
    if (status === 403 && covers.includes(code)) return this.cover(code as Why);
    if (code === 'paused' || code === 'lease' || code === 'over') return this.lose(code);
    if (code === 'not_assigned' || (status === 404 && ['taking', 'case', 'covered'].includes(this.state.phase))) return this.lose('gone');
    if (code === 'version') return void this.again();
    const notices: Record<number, Notice> = {
      0: 'unreachable', 400: 'invalid', 403: code === 'function' ? 'not_yours' : 'denied', 409: code === 'enough' ? 'enough' : 'invalid', 422: 'invalid', 429: 'slow', 503: 'unavailable',
    };
    this.set({ phase: this.state.phase === 'taking' ? 'idle' : this.state.phase, notice: notices[status] ?? 'other' });
  }

  private cover(why: Why): void {
    this.previews?.abort();
    this.closeAll();
    // The task is still ours: only what is seen of it goes.
    this.set({ phase: 'covered', why, case: null, preview: null, previewing: false, panel: null });
  }

  private lose(why: Why): void {
    this.clear({ phase: 'lost', why }, why !== 'over');
  }

  private signedOut(): void {
    this.clear({ phase: 'idle', queue: null }, true);
    this.onOver();
  }

  /** Another person sits down: nothing of the one before stays. */
  forget(): void {
    this.clear({ phase: 'idle', queue: null });
    this.kept.clear();
  }

  get keeps(): boolean {
    return this.kept.size > 0;
  }

  private async run<T>(act: () => Promise<T>): Promise<T | null> {
    try {
      const answer = await act();
      if (this.state.offline) this.set({ offline: false });
      return answer;
    } catch (error) {
      this.fail(error);
      return null;
    }
  }

  async refresh(): Promise<void> {
    this.due.queue = this.now() + QUEUE_MS;
    const queue = await this.run(() => this.api.get<Queue>('/queue'));
    if (queue) this.set({ queue });
  }

  /** Takes what is most urgent, or what is mine already, or a certain task. */
  async next(wanted?: string): Promise<void> {
    if (this.is('taking')) return;
    if (this.is('case')) return this.set({ notice: 'first' });
    if (this.is('lost')) await this.refresh(); // what is ours may have changed
    const mine = wanted ?? this.state.queue?.mine[0]?.task;
    this.clear({ phase: 'taking' }, true);
    const taken: Taken | null = mine !== undefined && wanted === undefined
      ? { task: mine }
      : await this.run(() => this.api.post<Taken>('/next', wanted === undefined ? { show: true } : { task: wanted, show: true }));
    if (taken?.task) await this.load(taken.task, taken.case);
    else if (this.is('taking')) this.set({ phase: 'idle', empty: taken !== null });
    void this.refresh();
  }

  /** `came`: with the answer to who took it. */
  private async load(task: string, came?: Case): Promise<void> {
    this.set({ task });
    const given = came ?? await this.run(() => this.api.get<Case>(this.path()));
    if (!given || this.state.task !== task) return;
    const shown = completed(given);
    const kept = this.kept.get(task);
    this.kept.delete(task);
    const edits = fitting(kept?.edits ?? this.state.edits, shown);
    this.due.beat = this.now() + BEAT_MS;
    this.set({
      phase: 'case', why: null, case: shown, preview: null, edits, past: kept?.past ?? this.state.past, typed: kept?.typed ?? this.state.typed,
      ends: this.now() + TAKEN_MS, away: false,
    });
    if (isChanged(edits)) await this.preview();
  }

  /** The case has changed, or may be looked at again. */
  async again(): Promise<void> {
    const { task, phase } = this.state;
    if (task === null) return;
    await this.load(task);
    if (phase === 'case') this.set({ notice: 'conflict' });
  }

  private async beat(): Promise<void> {
    this.due.beat = this.now() + BEAT_MS;
    const beat = await this.run(() => this.api.post<Beat>(this.path('/beat')));
    if (beat) this.set({ ends: Date.parse(beat.until) });
    else this.due.beat = this.now() + SESSION_MS;
  }

  private async look(): Promise<void> {
    this.due.session = this.now() + SESSION_MS;
    const good = await this.run(() => this.api.get('/session'));
    if (good && this.state.phase === 'covered') {
      if (this.state.task === null) this.set({ phase: 'idle', why: null });
      else await this.again();
    }
  }

  /** Somebody is there. */
  touch(): void {
    this.touched = this.now();
    if (!this.state.away) return;
    this.set({ away: false });
    if (this.state.phase === 'case') void this.beat();
  }

  /** The page is seen again: nothing on it is taken for true that was true before. */
  come(): void {
    this.due = { beat: 0, session: 0, queue: 0 };
    this.tick();
  }

  /** Once a second, while somebody is signed in. */
  tick(): void {
    const now = this.now();
    const { phase, ends, opened } = this.state;
    const away = now - this.touched > AWAY_MS;
    if (away !== this.state.away) this.set({ away });
    for (const part of Object.keys(opened) as PartName[]) if ((opened[part]?.until ?? 0) <= now) this.close(part);
    for (const [task, { until }] of this.kept) if (until <= now) this.kept.delete(task);
    if (phase === 'case' && ends <= now) return this.lose(away ? 'away' : 'gone');
    if (phase === 'case' && !away && this.due.beat <= now) void this.beat();
    if (this.due.session <= now) void this.look();
    if (!away && phase !== 'covered' && this.due.queue <= now) void this.refresh();
  }

  /* Corrections */

  private async preview(): Promise<void> {
    this.previews?.abort();
    const { case: shown, edits } = this.state;
    const decision = shown && decisionOf(shown.reading, edits);
    // Of a second look nothing is sent: there is nothing to see beforehand.
    if (!decision || !isChanged(edits) || modeOf(this.state) === 'sample') return this.set({ preview: null, previewing: false });
    const mine = new AbortController();
    this.previews = mine;
    this.set({ previewing: true });
    try {
      const preview = await this.api.post<Case>(this.path('/preview'), { decision }, { signal: mine.signal });
      if (!mine.signal.aborted) this.set({ preview: completed(preview), previewing: false, notice: null });
    } catch (error) {
      if (mine.signal.aborted) return;
      this.set({ preview: null, previewing: false });
      this.fail(error);
    }
  }

  private change(edits: Edits): Promise<void> {
    const { past, edits: before } = this.state;
    this.set({ edits, past: [...past, before], notice: null });
    return this.preview();
  }

  edit(more: Edits): Promise<void> {
    return this.change(changed(this.state.case?.reading ?? null, this.state.edits, more));
  }

  editPerson(person: SaidPerson): Promise<void> {
    return this.change(changedPerson(this.state.case?.reading ?? null, this.state.edits, person));
  }

  removePerson(id: string): Promise<void> {
    return this.change(withoutPerson(this.state.case?.reading ?? null, this.state.edits, id));
  }

  undo(): Promise<void> {
    const { past } = this.state;
    const last = past.at(-1);
    if (!last) return Promise.resolve();
    this.set({ edits: last, past: past.slice(0, -1) });
    return this.preview();
  }

  /* Acts */

  type(more: Partial<Typed>): void {
    this.set({ typed: { ...this.state.typed, ...more } });
  }

  show(panel: PanelName | null, part: PartName = this.state.part): void {
    this.set({ panel, part, notice: null });
  }

  private async act(doing: Doing, path: string, body: object): Promise<boolean> {
    if (this.state.doing !== null || this.state.phase !== 'case') return false;
    this.set({ doing, notice: null });
    const sample = modeOf(this.state) === 'sample';
    const moved = await this.run(() => this.api.post<TaskMoved>(this.path(path), body));
    if (!moved) return false;
    const corrected = doing === 'correct' && !sample;
    const done = { doing: sample && doing === 'correct' ? 'approve' : doing, proposed: moved.state === 'seconding', corrected } as const;
    const { task } = this.state;
    this.clear({ phase: 'done', done, queue: this.without(task) });
    this.set({ task }); // for its lesson
    void this.refresh();
    return true;
  }

  private without(task: string | null): Queue | null {
    const { queue } = this.state;
    return queue && { ...queue, mine: queue.mine.filter((each) => each.task !== task) };
  }

  /** Null: as it is read, or as it was corrected. */
  async decide(decided: Decision | null = null): Promise<boolean> {
    const { case: shown, edits, previewing, preview } = this.state;
    const decision = decided ?? (shown && (modeOf(this.state) === 'alone' ? { approve: true } : decisionOf(shown.reading, edits)));
    if (!shown || !decision) return false;
    if (decision.reading && modeOf(this.state) === 'case' && (previewing || !preview)) return false; // nobody sends what they have not seen
    const doing = actOf(decision);
    const path = shown.task.four_eyes.includes(doing) ? '/propose' : '/decide';
    return this.act(doing, path, { version: shown.meeting.version, decision });
  }

  second = (yes: boolean): Promise<boolean> => this.act(yes ? 'second' : 'not_second', '/second', { yes });
  askOpinion = (): Promise<boolean> => this.act('opinion', '/opinion', { question: this.state.typed.opinion.trim() });
  answer = (): Promise<boolean> => this.act('answer', '/answer', { text: this.state.typed.answer.trim() });
  giveBack = (): Promise<boolean> => this.act('leave', '/give-back', {});
  handOn = (): Promise<boolean> => {
    const { to, note } = this.state.typed;
    return this.act('hand_on', '/hand-on', { to, note: note.trim() });
  };

  /* What is shortened, opened for a minute */

  async open(purpose: Purpose): Promise<void> {
    const { part, task } = this.state;
    const data = await this.run(() => this.api.post<Parts[PartName]>(this.path('/open'), { part, purpose }));
    if (!data || this.state.task !== task || this.state.phase !== 'case') return;
    this.set({ panel: null, opened: { ...this.state.opened, [part]: { data, until: this.now() + OPEN_MS } } });
  }

  close(part: PartName): void {
    const { [part]: gone, ...opened } = this.state.opened;
    if (!gone) return;
    this.set({ opened });
    this.api.post(this.path('/close'), { part }, { keepalive: true }).catch(() => {}); // the lease ends by itself
  }

  closeAll(): void {
    for (const part of Object.keys(this.state.opened) as PartName[]) this.close(part);
  }

  /* Lessons */

  /** Shows it, or keeps it or not; `without`: strange words that are taken out of it first. */
  async lesson(keep?: boolean, without: readonly string[] = []): Promise<void> {
    const asked = keep === undefined ? {} : without.length > 0 ? { keep, without } : { keep };
    const lesson = await this.run(() => this.api.post<Lesson>(this.path('/lesson'), asked));
    if (lesson) this.set(keep === undefined ? { lesson, panel: 'lesson' } : { lesson, panel: null });
  }
}

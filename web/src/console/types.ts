// Made by scripts/types.mjs from api/console.yaml; do not edit.

export interface ConsoleProblem {
  type: string;
  title: string;
  status: number;
  detail: string;
  /** device, posture, network, door, not_assigned, over, lease, paused, four_eyes, version, enough: doc/supervision.md */
  code?: string;
}

export interface PasskeyStart {
  flow: string;
  public_key: object;
}

export interface PasskeyAnswer {
  flow: string;
  credential: object;
}

/** Who is signed in; more members are those of Me in openapi.yaml. */
export interface Person {
  person: string;
  name: string;
  function: string;
  language: 'fr' | 'en';
  rights: string[];
}

export interface Entered {
  me: Person;
}

export type Priority = 'low' | 'normal' | 'high' | 'urgent';

export interface QueueCount {
  priority: Priority;
  language: 'fr' | 'en';
  count: number;
}

export interface OwnTask {
  task: string;
  reason: string;
  priority: Priority;
  language: 'fr' | 'en';
  deadline: string;
}

export interface OpenTask {
  task: string;
  reason: string;
  priority: Priority;
  language: 'fr' | 'en';
  deadline: string;
  opened: string;
  state: 'waiting' | 'taken' | 'seconding';
  /** Their name; "…": somebody of another house */
  taken_by: string | null;
  breached: boolean;
}

export interface Queue {
  waiting: QueueCount[];
  /** The first deadline of what waits */
  oldest: string | null;
  mine: OwnTask[];
  /** For a lead only */
  open?: OpenTask[];
}

export interface Wanted {
  task?: string;
  /** With the case */
  show?: boolean;
}

export interface Taken {
  /** null: nothing waits that this person may have */
  task: string | null;
  /** Where it was asked for; not there: ask for it, and hear why */
  case?: Case;
}

export interface ReasonWords {
  at: number;
  len: number;
  /** An intent, or time, duration, place, person, condition, order, complaint, unknown */
  means: string;
}

export interface CasePerson {
  /** P1 (the organizer), P2, … */
  id: string;
  /** "M. D. · a…" */
  label: string;
  /** none: not in the meeting */
  role: 'organiser' | 'required' | 'optional' | 'none';
  active: boolean;
}

export interface Words {
  /** A person, or us */
  from: string;
  at: string;
  language: 'fr' | 'en';
  text: string;
  /** From below an answer; we have not seen it otherwise */
  quoted: boolean;
  attachments: number;
}

export interface ReadPerson {
  id: string;
  /** A name of mention_role_names */
  role: string;
  unsure: boolean;
}

export type Wish = 'wanted' | 'refused' | 'preferred';

export interface ReadWindow {
  start: string;
  end: string;
  wish: Wish;
  at: number;
  /** 0: said in no words of this message */
  len: number;
}

export interface CaseReading {
  intent: string;
  /** Of 1000 */
  confidence: number;
  /** A name of timex_doubt_names; may be empty */
  doubt: string;
  people: ReadPerson[];
  /** A name of meeting_kind_names; empty: not said */
  kind: string;
  /** 0: not said */
  duration_min: number;
  place: string;
  windows: ReadWindow[];
  accepted: number[];
  refused: number[];
}

export interface CaseOffer {
  number: number;
  start: string;
  end: string;
  withdrawn: boolean;
}

export interface Stretch {
  start: string;
  end: string;
}

export interface BusyPerson {
  who: string;
  spans: Stretch[];
}

export interface Draft {
  to: string[];
  subject: string;
  text: string;
}

export interface CaseTask {
  id: string;
  reason: string;
  reason_words: ReasonWords[];
  opened: string;
  deadline: string;
  priority: Priority;
  language: 'fr' | 'en';
  /** Acts that somebody else must second: of approve correct take_over ask_back refuse */
  four_eyes: string[];
  /** Somebody asks for our opinion */
  question: string | null;
  /** The answer to our question */
  opinion: string | null;
  /** With which it was handed on */
  note: string | null;
  proposed: Decision | null;
}

export interface CaseMeeting {
  id: string;
  version: number;
  state: string;
  subject: string;
  zone: string;
}

/** Of a task without a meeting, a message that nobody could read, there is only `task`. */
export interface Case {
  task: CaseTask;
  meeting: CaseMeeting;
  people: CasePerson[];
  thread: Words[];
  reading: CaseReading | null;
  offers: CaseOffer[];
  busy: BusyPerson[];
  draft: Draft | null;
  /** What else would be sent */
  also?: Draft[];
  does: 'sends_draft' | 'acts';
}

export interface SaidWindow {
  start: string;
  end: string;
  wish: Wish;
}

export interface SaidPerson {
  /** Or an address and a name */
  id?: string;
  address?: string;
  name?: string;
  role: string;
}

/** Only what the person has changed; windows, accepted and refused whole, of people those who change. */
export interface SaidReading {
  intent?: string;
  kind?: string;
  duration_min?: number;
  windows?: SaidWindow[];
  accepted?: number[];
  refused?: number[];
  people?: SaidPerson[];
  place?: string;
}

export interface AskBack {
  whom: 'writer' | 'organizer';
  text: string;
}

/** Exactly one of approve, reading, take_over, ask_back, refuse; text with refuse. */
export interface Decision {
  approve?: boolean;
  reading?: SaidReading;
  take_over?: string;
  ask_back?: AskBack;
  refuse?: boolean;
  text?: string;
}

export interface Previewed {
  decision: Decision;
}

export interface Decided {
  /** Of the meeting that was seen */
  version: number;
  decision: Decision;
}

export interface TaskMoved {
  state: 'waiting' | 'taken' | 'seconding' | 'closed';
}

export interface Seconding {
  yes: boolean;
}

export interface OpinionAsked {
  question: string;
}

export interface OpinionGiven {
  text: string;
}

export interface HandedOn {
  to: 'anybody' | 'lead';
  note: string;
}

export interface Beat {
  until: string;
}

export type Purpose = 'identify' | 'understand' | 'write' | 'complaint';

export type PartName = 'people' | 'words' | 'draft';

export interface Opening {
  part: PartName;
  purpose: Purpose;
}

export interface FullPerson {
  id: string;
  name: string;
  address: string;
  /** May be empty */
  phone: string;
}

export interface PartPeople {
  people: FullPerson[];
}

export interface FullWords {
  from: string;
  at: string;
  text: string;
}

export interface PartWords {
  subject: string;
  thread: FullWords[];
}

export interface PartDraft {
  /** Addresses */
  to: string[];
  subject: string;
  text: string;
  also?: Draft[];
}

export interface LessonAsked {
  keep?: boolean;
  /** Strange words that are taken out before it is kept */
  without?: string[];
}

/** A word that no lexicon knows, as it is written small; it could be a name. */
export interface StrangeWord {
  /** In bytes of UTF-8 */
  at: number;
  len: number;
  /** Lower case, without accents */
  word: string;
}

/** As a scenario has it. */
export interface LessonReading {
  intent: string;
  kind: string;
  duration_min: number;
  windows: SaidWindow[];
  accepted: number[];
}

/** A message with made-up names, what was read of it, and what a person said. */
export interface Lesson {
  id: string;
  made: string;
  language: 'fr' | 'en';
  reason: string;
  text: string;
  strange: StrangeWord[];
  read: LessonReading;
  said: LessonReading;
  state: 'drafted' | 'kept' | 'accepted' | 'dropped';
}

export interface LessonDecided {
  accept: boolean;
}

/** A word that the lexicon of its language does not know, and in how many lessons it stands. */
export interface LessonWord {
  word: string;
  language: 'fr' | 'en';
  lessons: number;
}

export interface Lessons {
  lessons: Lesson[];
  words: LessonWord[];
}

export interface StatsDay {
  /** Since 1970-01-01 */
  day: number;
  /** Read by the machine */
  messages: number;
  /** Of them those that became a task */
  doubts: number;
  decided: number;
  /** Of the decided: approved, corrected, or a second look */
  judged: number;
  /** Of the judged those in which the person said what the machine had read */
  agreed: number;
}

export interface StatsConfidence {
  /** Of 1000 */
  from: number;
  until: number;
  /** Second looks and decisions that judge the reading */
  samples: number;
  wrong: number;
  /** Of 1000: Wilson's interval of 95 % */
  low: number;
  high: number;
}

export interface StatsTimes {
  decided: number;
  judged: number;
  agreed: number;
  /** Median */
  waited_s: number;
  waited_p90_s: number;
  /** Median */
  held_s: number;
  held_p90_s: number;
}

export interface StatsGroup {
  language: 'fr' | 'en';
  reason: string;
  decided: number;
  judged: number;
  agreed: number;
  /** Median */
  waited_s: number;
  waited_p90_s: number;
  /** Median */
  held_s: number;
  held_p90_s: number;
}

export interface Stats {
  since: string;
  days: StatsDay[];
  /** By their Mondays */
  weeks: StatsDay[];
  confidence: StatsConfidence[];
  groups: StatsGroup[];
  all: StatsTimes;
  /** Deadlines */
  breached: number;
  /** Second looks */
  sampled: number;
  sampled_wrong: number;
  /** Of 1000: Wilson's interval of 95 % */
  sampled_low: number;
  sampled_high: number;
}

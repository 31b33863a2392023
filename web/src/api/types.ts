// Made by scripts/types.mjs from api/openapi.yaml; do not edit.

export interface Problem {
  /** urn:rendez:problem: and one of invalid, not_found, conflict, denied, proof (show a factor by /api/v1/proof/…, then ask the same again), limit, unavailable */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** About accounts: what would help (src/roles/api/README.md) */
  code?: string;
  /** Of a password: rules that it does not keep */
  rules?: string[];
}

export interface SecondLooks {
  /** Of the newest entry supervision.looks.counted; null: there is none of the last three days, or the log cannot be asked */
  second_looks: SecondLookRate | null;
}

export interface SecondLookRate {
  /** First of 90 days, in UTC */
  from: string;
  /** The last one, with it */
  until: string;
  /** Second looks of these days */
  looks: number;
  /** Those that read otherwise than the machine */
  wrong: number;
  /** Of 1000: Wilson's interval of 95 % */
  low: number;
  high: number;
  /** Fewer say nothing yet */
  wanted: number;
  enough: boolean;
  /** Its number in the log */
  entry: number;
  at: string;
}

export interface Health {
  status: 'ok';
}

export interface Done {
  status: 'ok';
}

export interface MetricSeries {
  name: string;
  /** role=planner, and what the role says besides */
  label: string;
  /** seconds, bytes, or empty: a number */
  unit: string;
  /** Hours since 1970, and the value of that hour */
  points: number[][];
}

export interface MetricForecast {
  name: string;
  label: string;
  last: number;
  /** Value at which it has run out */
  limit: number;
  /** When, as it goes now; null: not in sight */
  ends: string | null;
}

export interface RoleState {
  role: string;
  up: boolean;
  /** Seconds since it told its values */
  age_s: number;
  rendez_role_start_time?: number;
  rendez_role_cpu?: number;
  rendez_role_memory?: number;
  rendez_role_descriptors?: number;
  rendez_role_loop_lag?: number;
  rendez_role_errors?: number;
}

export interface Metrics {
  status: 'ok';
  at: string;
  roles: RoleState[];
  series: MetricSeries[];
  forecasts: MetricForecast[];
}

export interface Alert {
  id: string;
  /** An event of the log of events */
  kind: string;
  role: string;
  build: string;
  state: 'open' | 'acknowledged' | 'escalated' | 'ended';
  count: number;
  first: string;
  last: string;
  acknowledged: string | null;
  escalated: string | null;
  ended: string | null;
  /** Fixed words of the event */
  words: object;
  /** What it means */
  fr: string;
  /** The same in English */
  en: string;
}

export interface Alerts {
  status: 'ok';
  alerts: Alert[];
}

export interface SandboxState {
  /** Grows with every change of anything in the view */
  change: number;
  view: View | null;
}

export interface View {
  now: string;
  organisation: string;
  assistant: Mailbox;
  people: Person[];
  /** Oldest first; the newest 500 */
  messages: Message[];
  /** One for each person */
  calendars: Calendar[];
  /** Oldest first */
  meetings: Meeting[];
}

export interface Mailbox {
  address: string;
  name: string;
}

export interface Person {
  address: string;
  name: string;
  kind: 'colleague' | 'guest';
  language: 'fr' | 'en';
  /** IANA */
  time_zone: string;
}

/** In the mailbox of whoever wrote it and of everybody in `to` and `cc`. */
export interface Message {
  id: string;
  at: string;
  from: Mailbox;
  to: Mailbox[];
  cc: Mailbox[];
  subject: string;
  text: string;
  /** id of another message of the view */
  in_reply_to: string | null;
  /** Of a mail of the assistant */
  purpose: 'proposal' | 'clarification' | 'invitation' | 'confirmation' | 'update' | 'reminder' | 'cancellation' | 'acknowledgement' | 'decline' | 'notice' | null;
  /** id of the meeting that it belongs to */
  meeting: string | null;
  offers: Offer[];
  calendar: Invitation | null;
  /** Of a mail to the assistant; null while it waits */
  outcome: 'accepted' | 'ignored' | 'rejected' | null;
  reading: Reading | null;
}

export interface Offer {
  number: number;
  start: string;
  end: string;
  recurrence: Recurrence | null;
  /** URL of the personal page of whoever the mail went to */
  link: string;
}

export interface Invitation {
  method: 'REQUEST' | 'CANCEL';
  start: string;
  end: string;
  recurrence: Recurrence | null;
  summary: string;
  location: string;
}

/** How it comes again, start being the first; null for a single meeting */
export interface Recurrence {
  fr: string;
  en: string;
}

export interface Reading {
  language: '' | 'fr' | 'en';
  intent: 'other' | 'request' | 'accept' | 'decline' | 'counter' | 'reschedule' | 'cancel' | 'late' | 'change' | 'delegate' | 'inform' | 'question' | 'thanks' | 'unclear' | 'hostile';
  confidence: number;
  kind: '' | 'call' | 'video' | 'meeting' | 'lunch' | 'breakfast' | 'coffee' | 'drinks' | 'dinner';
  /** 0 when not said */
  duration_minutes: number;
  /** The words that ask for a series; empty if none do */
  recurs: string;
  /** As said; may be empty */
  place: string;
  /** Empty, which_week, am_pm, day_or_month, past, contradiction, other */
  doubt: string;
  people: Mention[];
  /** What the writer allows */
  windows: Span[];
  preferred: Span[];
  /** Numbers of offers */
  accepted: number[];
  /** Expressions of time in `text`, in order; at most 40 */
  times: Time[];
  /** Phrases that say what the mail does */
  cues: Cue[];
  /** What looks like a time and is none */
  ignored: Ignored[];
  question: string;
  /** What is new in the mail; offsets and lengths count its UTF-8 bytes */
  text: string;
  /** Why a person looks at it first */
  supervision: string | null;
}

/** Start and end are wall-clock times of the zone said, else of the writer. */
export interface Time {
  text: string;
  offset: number;
  length: number;
  kind: 'instant' | 'interval' | 'duration' | 'set';
  grain: 'second' | 'minute' | 'hour' | 'part' | 'day' | 'week' | 'month' | 'quarter' | 'year';
  /** 2026-03-04T09:00:00 */
  start: string | null;
  end: string | null;
  open: '' | 'after' | 'before';
  /** Of a duration */
  duration_s: number;
  duration_months: number;
  /** Of a set, RFC 5545 */
  rrule: string;
  /** A time of day was said */
  has_clock: boolean;
  /** Only a time of day was said */
  clock_only: boolean;
  /** As said: IANA, writer, reader; else empty */
  zone: string;
  doubt: '' | 'which_week' | 'am_pm' | 'day_or_month' | 'past' | 'contradiction' | 'other';
  /** The mail rules it out */
  negated: boolean;
  exception: boolean;
  explanation: Explanation | null;
}

export interface Explanation {
  stance: 'none' | 'allowed' | 'preferred' | 'avoided' | 'fallback' | 'excluded' | 'ignored';
  cause: '' | 'negation' | 'exception' | 'absence' | 'return' | 'preference' | 'reluctance' | 'alternative' | 'correction' | 'condition' | 'ending' | 'reason' | 'aside' | 'greeting' | 'past';
  /** The words that say so */
  cue_offset: number;
  /** 0: none */
  cue_length: number;
  /** Of a weekday: the day where the mail puts it, as 2026-12-03; else empty */
  placed: string;
  /** The derivation in preorder */
  steps: Step[];
  /** Readings that lost, the strongest first; at most 6 */
  rivals: Rival[];
  /** How many more there were */
  rivals_left: number;
}

export interface Step {
  depth: number;
  /** Empty for a word */
  rule: string;
  offset: number;
  length: number;
  /** date, time, weekday, month, number, joint … */
  kind: string;
  value: string;
  /** The day on the calendar; may be empty */
  resolved: string;
}

export interface Rival {
  offset: number;
  length: number;
  rule: string;
  kind: string;
  value: string;
  resolved: string;
  loss: 'shorter' | 'rank' | 'covered' | 'doubt';
  doubt: '' | 'which_week' | 'am_pm' | 'day_or_month' | 'past' | 'contradiction' | 'other';
}

export interface Cue {
  offset: number;
  length: number;
  name: string;
  negated: boolean;
  /** Speaks for the intent */
  decisive: boolean;
}

export interface Ignored {
  offset: number;
  length: number;
  mistake: 'telephone' | 'price' | 'reference' | 'address' | 'link' | 'greeting' | 'impossible';
}

export interface Mention {
  name: string;
  address: string;
  /** attend, optional, add, add_optional, make_optional, remove, delegate, named */
  role: string;
}

/** [start, end): two instants */
export type Span = [string, string];

/** From the Monday before this week, six weeks. Of a guest, whose calendar nobody reads: the invitations that reached them. */
export interface Calendar {
  address: string;
  events: Event[];
}

export interface Event {
  title: string;
  start: string;
  end: string;
  busy: boolean;
  /** start and end are midnights of the person's zone */
  all_day: boolean;
  /** id of the meeting that put it there */
  meeting: string | null;
}

export interface Meeting {
  id: string;
  status: 'gathering' | 'proposing' | 'confirmed' | 'cancelled' | 'abandoned' | 'supervision';
  subject: string;
  kind: '' | 'call' | 'video' | 'meeting' | 'lunch' | 'breakfast' | 'coffee' | 'drinks' | 'dinner';
  duration_minutes: number;
  start: string | null;
  end: string | null;
  recurrence: Recurrence | null;
  place: string;
  participants: Participant[];
  /** Reason of the oldest open task */
  supervision: string | null;
}

export interface Participant {
  address: string;
  name: string;
  role: 'organiser' | 'required' | 'optional';
  status: 'needs-action' | 'answered' | 'accepted' | 'declined' | 'tentative' | 'removed';
}

export interface NewMessage {
  /** Address of a person of the view */
  from: string;
  to: string[];
  cc: string[];
  subject: string;
  text: string;
  /** id of a message of the view; empty in a first mail */
  in_reply_to: string;
}

export interface Sent {
  /** id of the new message */
  id: string;
}

export interface LoginStart {
  /** Comes back with each step */
  flow: string;
  /** PublicKeyCredentialRequestOptionsJSON (WebAuthn 3) */
  public_key: object;
  providers: Provider[];
}

export interface ProofStart {
  /** Comes back with each step */
  flow: string;
  /** PublicKeyCredentialRequestOptionsJSON (WebAuthn 3) */
  public_key: object;
  /** They have one */
  passkey: boolean;
  /** They have a password and an authenticator of codes */
  code: boolean;
  /** They have a password and recovery codes */
  recovery: boolean;
  /** That know them; /login/sso/{id} asks there anew */
  providers: Provider[];
}

export interface Provider {
  id: string;
  name: string;
}

export interface LoginNext {
  next: 'code';
}

export interface SignedIn {
  me: Me;
}

export interface Me {
  /** Their id */
  person: string;
  /** Its id */
  organisation: string;
  function: string;
  name: string;
  address: string;
  language: 'fr' | 'en';
  session: 'full' | 'enrolment';
  /** By which this session began: passkey, password+code, password+recovery, sso, sso+code, link */
  factor: string;
  /** The factors suffice to sign in */
  complete: boolean;
  /** There are recovery codes */
  recovery: boolean;
  /** That the person has now, raises counted */
  rights: string[];
}

export interface SessionEnd {
  /** If nothing is asked until then */
  ends: string;
}

export interface Session {
  id: string;
  kind: 'full' | 'enrolment';
  factor: string;
  begun: string;
  seen: string;
  /** At the latest */
  ends: string;
  /** Of the network, in numbers */
  address: string;
  /** User-Agent of the browser */
  agent: string;
  current: boolean;
}

export interface Sessions {
  sessions: Session[];
}

export interface Token {
  id: string;
  name: string;
  /** With spaces between them */
  scopes: string;
  made: string;
  used: string | null;
  ends: string;
}

export interface Tokens {
  tokens: Token[];
}

export interface NewToken {
  name: string;
  scopes: string[];
  /** How long it lives */
  days: number;
}

export interface MadeToken {
  id: string;
  /** rdz_ and 43 characters */
  token: string;
}

export interface Factor {
  id: string;
  kind: 'passkey' | 'password' | 'code' | 'recovery' | 'sso';
  name: string;
  created: string;
  used: string | null;
  /** Recovery codes that are not used */
  left?: number;
}

export interface Factors {
  factors: Factor[];
  /** They suffice to sign in */
  complete: boolean;
}

export interface CodeStart {
  /** Base32 */
  secret: string;
  /** otpauth://totp/… */
  uri: string;
}

export interface Account {
  id: string;
  kind: 'person' | 'service';
  name: string;
  address: string;
  function: string;
  state: 'invited' | 'active' | 'ended';
  ends: string | null;
  /** That they may be given; none: theirs stays */
  functions: string[];
}

export interface People {
  people: Account[];
}

export interface Raise {
  id: string;
  cause: 'raise' | 'break_glass';
  account: string;
  name: string;
  organisation: string;
  /** Empty with break_glass */
  right: string;
  /** The organisation that it is for; empty: any that the right reaches */
  target: string;
  reason: string;
  state: 'asked' | 'active' | 'over';
  /** How long it was asked for */
  minutes: number;
  asked: string;
  /** When it is over by itself */
  until: string | null;
  /** Name; empty until then */
  approver: string;
  mine: boolean;
  may_approve: boolean;
  may_end: boolean;
}

export interface Askable {
  id: string;
  /** In the language of the person */
  sentence: string;
}

export interface Raises {
  raises: Raise[];
  /** That one may ask for */
  rights: Askable[];
}

export interface NewRaise {
  right: string;
  reason: string;
  minutes: number;
}

export interface ReviewHead {
  id: string;
  opened: string;
  due: string;
  closed: string | null;
  state: string;
  items: number;
  /** Of all reviewers */
  open: number;
  /** That this person has to decide */
  mine: number;
}

export interface Reviews {
  reviews: ReviewHead[];
}

export interface ReviewItem {
  id: string;
  /** account, or what else somebody has */
  kind: string;
  /** Of a raised right: which, or break_glass; else empty */
  what: string;
  /** Who decides */
  reviewer_name: string;
  account: string;
  name: string;
  function: string;
  used: string | null;
  /** unused, overdue, or empty */
  doubt: string;
  /** Rights that were not used */
  unused: string;
  decision: 'open' | 'keep' | 'remove' | 'change';
  /** The function that it becomes */
  change: string;
  note: string;
  /** This person decides */
  mine: boolean;
}

export interface Review {
  id: string;
  opened: string;
  due: string;
  list: ReviewItem[];
  /** That an account of it may be given */
  functions: string[];
}

export interface OfferedTime {
  number: number;
  start: string;
  end: string;
}

export interface OwnMeeting {
  id: string;
  status: 'gathering' | 'proposing' | 'confirmed' | 'cancelled' | 'abandoned' | 'supervision';
  subject: string;
  kind: '' | 'call' | 'video' | 'meeting' | 'lunch' | 'breakfast' | 'coffee' | 'drinks' | 'dinner';
  duration_minutes: number;
  start: string | null;
  end: string | null;
  recurrence: Recurrence | null;
  place: string;
  participants: Participant[];
  /** IANA, of the reader */
  time_zone: string;
  /** Times that are offered now */
  offers: OfferedTime[];
}

export interface Meetings {
  meetings: OwnMeeting[];
}

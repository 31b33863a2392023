// Made by scripts/types.mjs from api/openapi.yaml; do not edit.

export interface Problem {
  /** urn:rendez:problem: and one of invalid, not_found, conflict, denied, limit, unavailable */
  type: string;
  title: string;
  status: number;
  detail: string;
  /** About accounts: what would help (src/roles/api/README.md) */
  code?: string;
  /** Of a password: rules that it does not keep */
  rules?: string[];
}

export interface Health {
  status: 'ok';
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
  id: string;
  name: string;
  address: string;
  language: 'fr' | 'en';
  /** Its id */
  organisation: string;
  function: string;
  session: Session;
  /** That the person has now, raises counted */
  rights: string[];
  /** The factors suffice to sign in; an enrolment is complete */
  enough?: boolean;
}

export interface Session {
  id: string;
  kind: 'full' | 'enrolment';
  factor: '' | 'passkey' | 'password+code' | 'password+recovery' | 'sso';
  begun: string;
  seen: string;
  /** At the latest */
  ends: string;
  current: boolean;
  /** Program and address, in short */
  where?: string;
}

export interface Sessions {
  sessions: Session[];
}

export interface Token {
  id: string;
  name: string;
  scopes: string[];
  made: string;
  used: string | null;
  ends: string;
}

export interface Tokens {
  tokens: Token[];
  /** That a token of this person may have */
  scopes: string[];
}

export interface NewToken {
  name: string;
  scopes: string[];
  /** A year from now at the latest */
  ends: string;
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
  made: string;
  used: string | null;
  /** Recovery codes that are not used */
  left?: number;
}

export interface Factors {
  factors: Factor[];
}

export interface CodeStart {
  flow: string;
  /** Base32 */
  secret: string;
  /** otpauth://totp/… */
  uri: string;
}

export interface Account {
  id: string;
  name: string;
  address: string;
  function: string;
  state: 'invited' | 'active' | 'ended';
  until: string | null;
}

export interface People {
  people: Account[];
  /** That somebody of this organisation may have */
  functions: string[];
}

export interface Raise {
  id: string;
  cause: 'raise' | 'break_glass';
  person: string;
  name: string;
  /** Empty with break_glass */
  right: string;
  reason: string;
  state: 'asked' | 'active' | 'over';
  /** How long it was asked for */
  minutes: number;
  asked: string;
  until: string | null;
  /** Name; empty until then */
  approved_by: string;
  own: boolean;
  may_approve: boolean;
}

export interface Raises {
  raises: Raise[];
  /** Rights */
  may_ask: string[];
}

export interface NewRaise {
  right: string;
  reason: string;
  minutes: number;
}

export interface ReviewHead {
  id: string;
  begun: string;
  due: string;
  /** Items that this person has not decided */
  open: number;
  total: number;
}

export interface Reviews {
  reviews: ReviewHead[];
}

export interface ReviewItem {
  id: string;
  person: string;
  name: string;
  function: string;
  /** Last sign-in */
  used: string | null;
  doubts: string[];
  decision: '' | 'keep' | 'change' | 'end';
  note: string;
}

export interface Review {
  id: string;
  begun: string;
  due: string;
  items: ReviewItem[];
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

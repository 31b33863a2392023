// Made by scripts/types.mjs from api/openapi.yaml; do not edit.

export interface Problem {
  /** urn:rendez:problem: and one of invalid, not_found, conflict, denied, limit, unavailable */
  type: string;
  title: string;
  status: number;
  detail: string;
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
  /** URL of the personal page of whoever the mail went to */
  link: string;
}

export interface Invitation {
  method: 'REQUEST' | 'CANCEL';
  start: string;
  end: string;
  summary: string;
  location: string;
}

export interface Reading {
  language: '' | 'fr' | 'en';
  intent: 'other' | 'request' | 'accept' | 'decline' | 'counter' | 'reschedule' | 'cancel' | 'late' | 'change' | 'delegate' | 'inform' | 'question' | 'thanks' | 'unclear' | 'hostile';
  confidence: number;
  kind: '' | 'call' | 'video' | 'meeting' | 'lunch' | 'breakfast' | 'coffee' | 'drinks' | 'dinner';
  /** 0 when not said */
  duration_minutes: number;
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
  /** [offset, length] in bytes of `text`: the words that led to it */
  spans: ([number, number])[];
  question: string;
  /** What is new in the mail; the spans count in its UTF-8 */
  text: string;
  /** Why a person looks at it first */
  supervision: string | null;
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

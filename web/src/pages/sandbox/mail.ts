// Mailboxes and threads of the view: pure functions.
import type { Mailbox, Meeting, Message, View } from '../../api/types';

export interface Thread {
  /** id of its meeting, or of its first message */
  key: string;
  subject: string;
  messages: Message[];
  meeting: Meeting | null;
}

export const sameAddress = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

const has = (list: Mailbox[], address: string) => list.some((box) => sameAddress(box.address, address));

export const isReceived = (message: Message, address: string) =>
  has(message.to, address) || has(message.cc, address);

export const isSent = (message: Message, address: string) => sameAddress(message.from.address, address);

const folded = (name: string) => name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Whom "Marc" or "benoit lef" means: the only one whose name begins so, or who is called just that. */
export function personCalled<Person extends Mailbox>(people: readonly Person[], typed: string): Person | undefined {
  const name = folded(typed.trim());
  const called = name === '' ? [] : people.filter((person) => folded(person.name).startsWith(name));
  return called.length === 1 ? called[0] : called.find((person) => folded(person.name) === name);
}

/** "Re: RE : Fwd: budget" → "budget" */
export function bareSubject(subject: string): string {
  const prefix = /^\s*(re|rép|rep|tr|fwd?|aw)\s*:\s*/i;
  let bare = subject;
  while (prefix.test(bare)) bare = bare.replace(prefix, '');
  return bare.trim();
}

/** Messages that answer one another, and those of one meeting, belong together. */
function threadKeys(messages: Message[]): Map<string, string> {
  const byId = new Map(messages.map((message) => [message.id, message]));
  const keys = new Map<string, string>();
  const keyOf = (message: Message): string => {
    const known = keys.get(message.id);
    if (known !== undefined) return known;
    keys.set(message.id, message.id); // should answers ever form a ring
    const parent = message.in_reply_to === null ? undefined : byId.get(message.in_reply_to);
    const key = message.meeting ?? (parent ? keyOf(parent) : message.id);
    keys.set(message.id, key);
    return key;
  };
  messages.forEach(keyOf);
  return keys;
}

/** The threads of one mailbox, the one with the newest message first. */
export function threadsOf(view: View, address: string): Thread[] {
  const keys = threadKeys(view.messages);
  const threads = new Map<string, Thread>();
  for (const message of view.messages) {
    if (!isReceived(message, address) && !isSent(message, address)) continue;
    const key = keys.get(message.id) ?? message.id;
    const meeting = view.meetings.find((m) => m.id === key) ?? null;
    const thread = threads.get(key) ?? {
      key,
      meeting,
      subject: bareSubject(message.subject) || meeting?.subject || '',
      messages: [],
    };
    threads.delete(key); // a newer message moves it to the end
    threads.set(key, { ...thread, messages: [...thread.messages, message] });
  }
  return [...threads.values()].reverse();
}

export function unreadCount(view: View, address: string, seen: ReadonlySet<string>): number {
  return view.messages.filter((m) => isReceived(m, address) && !isSent(m, address) && !seen.has(`${address} ${m.id}`))
    .length;
}

/** Somebody wrote to the assistant and has no outcome yet. */
export const isWaiting = (message: Message, assistant: string) =>
  message.outcome === null && isReceived(message, assistant) && !isSent(message, assistant);

export interface Draft {
  to: string[];
  cc: string[];
  subject: string;
  text: string;
  inReplyTo: string;
}

const unique = (addresses: string[]) =>
  addresses.filter((a, i) => addresses.findIndex((b) => sameAddress(a, b)) === i);

/** To whom an answer goes; `all` adds everybody else of To and Cc. */
export function replyDraft(message: Message, writer: string, all: boolean): Draft {
  const others = (list: Mailbox[]) =>
    list.map((box) => box.address).filter((address) => !sameAddress(address, writer));
  const own = isSent(message, writer);
  const to = own ? others(message.to) : [message.from.address, ...(all ? others(message.to) : [])];
  const cc = all || own ? others(message.cc) : [];
  const toOnce = unique(to);
  return {
    to: toOnce,
    cc: unique(cc).filter((address) => !has(toOnce.map((a) => ({ address: a, name: '' })), address)),
    subject: `Re: ${bareSubject(message.subject)}`,
    text: '',
    inReplyTo: message.id,
  };
}

/** The path of a personal page, whatever host the link names: this one serves it. */
export function linkPath(link: string): string {
  try {
    const url = new URL(link, 'http://localhost');
    return url.pathname.startsWith('/') ? url.pathname + url.search : '#';
  } catch {
    return '#';
  }
}

// Ready requests that a newcomer can insert; the words are in i18n.
import type { Person, View } from '../../api/types';
import type { Draft } from './mail';
import { sameAddress } from './mail';

export const exampleNames = ['meeting', 'video', 'lunch'] as const;
export type ExampleName = (typeof exampleNames)[number];

export const firstName = (name: string) => name.split(' ')[0] ?? name;

export interface ExampleWords {
  subject: string;
  text: string;
}

/** Fills {assistant}, {guest}, {other} and {me}; the guests are those of the installation. */
export function exampleDraft(view: View, writer: Person, name: ExampleName, words: ExampleWords): Draft | null {
  const others = view.people.filter((p) => !sameAddress(p.address, writer.address));
  const guests = others.filter((p) => p.kind === 'guest');
  const colleagues = others.filter((p) => p.kind === 'colleague');
  const people = { meeting: [guests[0]], video: [guests[1] ?? guests[0]], lunch: [guests[0], colleagues[0]] }[name];
  const present = people.filter((p) => p !== undefined);
  const guest = present[0];
  if (!guest) return null;
  const values: Record<string, string> = {
    assistant: firstName(view.assistant.name),
    guest: firstName(guest.name),
    other: firstName(present[1]?.name ?? ''),
    me: firstName(writer.name),
  };
  const fill = (text: string) => text.replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
  return {
    to: present.map((p) => p.address),
    cc: [view.assistant.address],
    subject: fill(words.subject),
    text: fill(words.text),
    inReplyTo: '',
  };
}

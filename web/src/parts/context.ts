// What every part of the sandbox page needs, and never changes between two of them.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Person, View } from '../api/types';
import type { Language, Say } from '../i18n';
import { sayIn } from '../i18n';
import type { Teller } from '../pages/sandbox/said';
import { sameAddress } from '../pages/sandbox/mail';

export interface Scene {
  view: View;
  language: Language;
  say: Say;
  /** Whose mailbox and calendar are open */
  who: string;
  zone: string;
}

const empty: View = {
  now: '1970-01-01T00:00:00Z', organisation: '', assistant: { address: '', name: '' },
  people: [], messages: [], calendars: [], meetings: [],
};

export const SceneContext = createContext<Scene>({
  view: empty, language: 'en', say: sayIn('en'), who: '', zone: 'UTC',
});
export const useScene = () => useContext(SceneContext);

/** How the readings of a mail are told. */
export function useTeller(): Teller {
  const { say, language, view } = useScene();
  return { say, language, year: Number(view.now.slice(0, 4)) };
}

export const personOf = (view: View, address: string): Person | undefined =>
  view.people.find((p) => sameAddress(p.address, address));

export const isAssistant = (view: View, address: string) => sameAddress(view.assistant.address, address);

export function toneOf(view: View, address: string): number | 'assistant' {
  if (isAssistant(view, address)) return 'assistant';
  const index = view.people.findIndex((p) => sameAddress(p.address, address));
  return index < 0 ? 5 : index % 6;
}

export function nameOf(view: View, address: string): string {
  if (isAssistant(view, address)) return view.assistant.name;
  return personOf(view, address)?.name ?? address;
}

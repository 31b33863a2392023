// What every part of the console needs.
import { createContext } from 'preact';
import { useContext, useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import type { Language, Values } from '../i18n';
import { fill } from '../i18n';
import en from '../i18n/console.en.json';
import fr from '../i18n/console.fr.json';
import type { Desk, DeskState } from './desk';
import type { Case, Person } from './types';

export type Key = keyof typeof en;
export type Say = (key: Key, values?: Values) => string;
const catalogues: Record<Language, Record<string, string>> = { fr, en };

export const sayIn = (language: Language): Say => (key, values = {}) => fill(language, catalogues[language][key] ?? key, values);

/** A word that the service may know and this page not, as a newer one's. */
export function sayOr(say: Say, prefix: string, word: string, otherwise = word): string {
  const key = `${prefix}.${word}`;
  return key in en ? say(key as Key) : otherwise;
}

export const colon = (language: Language): string => (language === 'fr' ? '\u00a0: ' : ': ');

/** "1 waits", "5 wait": French counts nothing as one. */
export const sayCount = (say: Say, prefix: 'wait' | 'wait.urgent' | 'talk.attachments' | 'draft.also', count: number): string =>
  say(count < 2 ? `${prefix}.one` : `${prefix}.some`, { count });

export interface Scene {
  say: Say;
  language: Language;
  me: Person | null;
  desk: Desk;
  state: DeskState;
}

const Context = createContext<Scene | null>(null);
export const SceneProvider = Context.Provider;

export function useScene(): Scene {
  const scene = useContext(Context);
  if (!scene) throw new Error('outside of the scene');
  return scene;
}

export function useDeskState(desk: Desk): DeskState {
  const [state, setState] = useState(desk.state);
  useEffect(() => {
    setState(desk.state); // it may have changed since the first look
    return desk.listen(() => setState(desk.state));
  }, [desk]);
  return state;
}

/** The case on the screen; parts of it are shown only while there is one. */
export function useCase(): { shown: Case; zone: string } {
  const { state } = useScene();
  if (!state.case) throw new Error('no case');
  return { shown: state.case, zone: state.case.meeting.zone };
}

/** What a person is called: their initials, or in full while that is open. */
export function labelOf(state: DeskState, id: string): string {
  const full = state.opened.people?.data.people.find((each) => each.id === id);
  if (full) return full.name || full.address;
  return state.case?.people.find((each) => each.id === id)?.label ?? id;
}

/** The circle of the person's colour; the same everywhere. */
export const toneOf = (state: DeskState, id: string): string => {
  const at = state.case?.people.findIndex((each) => each.id === id) ?? -1;
  return at < 0 ? 'tone-5' : `tone-${at % 5}`;
};

export const isRefusedHere = (error: unknown): error is ApiError =>
  error instanceof ApiError && error.status === 403 && ['device', 'posture', 'network', 'door'].includes(error.code);

/** Now, by the given clock, once a second. */
export function useSeconds(now: () => number): number {
  const [at, setAt] = useState(now);
  useEffect(() => {
    const timer = setInterval(() => setAt(now()), 1000);
    return () => clearInterval(timer);
  }, [now]);
  return at;
}

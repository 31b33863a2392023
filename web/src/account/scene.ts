// What every page of an account needs.
import { createContext } from 'preact';
import { useCallback, useContext, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, getAccount } from '../api/client';
import type { Me } from '../api/types';
import type { Language, Values } from '../i18n';
import { fill } from '../i18n';
import en from '../i18n/account.en.json';
import fr from '../i18n/account.fr.json';
import type { PageName } from './route';

export type Key = keyof typeof en;
export type Say = (key: Key, values?: Values) => string;
const catalogues: Record<Language, Record<string, string>> = { fr, en };

export function sayIn(language: Language): Say {
  return (key, values = {}) => fill(language, catalogues[language][key] ?? key, values);
}

/** A word for something that a newer server may name and this page does not know. */
export function sayOr(say: Say, prefix: string, id: string, otherwise = id): string {
  const key = `${prefix}.${id}`;
  return key in en ? say(key as Key) : otherwise;
}

export interface Scene {
  say: Say;
  language: Language;
  me: Me | null;
  /** Reads /me again: after what may have changed rights or factors. */
  refresh: () => Promise<void>;
  /** Nobody is signed in any more; a word why. */
  leave: (why: 'over' | 'out') => void;
  go: (page: PageName, id?: string) => void;
  /** How often the person has come back to this tab: what is shown is read again then. */
  returns: number;
}

export const SceneContext = createContext<Scene>({
  say: sayIn('en'), language: 'en', me: null,
  refresh: async () => {}, leave: () => {}, go: () => {}, returns: 0,
});
export const useScene = () => useContext(SceneContext);

/** What a failure means to a person. */
export function explain(say: Say, error: unknown): string {
  if (!(error instanceof ApiError)) return say('error.other');
  if (error.status === 0) return say('error.unreachable');
  if (error.status === 429) {
    const minutes = Math.max(1, Math.ceil(error.retrySeconds / 60));
    return error.retrySeconds > 0 ? say('error.slow_for', { minutes }) : say('error.slow');
  }
  if (error.status === 503) return say('error.unavailable');
  const byStatus: Record<number, Key> = { 400: 'error.invalid', 403: 'error.denied', 404: 'error.gone', 409: 'error.conflict' };
  return sayOr(say, 'error.code', error.code, say(byStatus[error.status] ?? 'error.other'));
}

export interface Action<A extends unknown[]> {
  run: (...args: A) => Promise<boolean>;
  busy: boolean;
  error: string | null;
  failure: ApiError | null;
  clear: () => void;
}

/** Something that a button does: once at a time, with what went wrong in words. */
export function useAction<A extends unknown[]>(act: (...args: A) => Promise<void>): Action<A> {
  const { say, me, leave, refresh } = useScene();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const running = useRef(false);
  const from = useRef<Element | null>(null);
  useEffect(() => { // a button that was out of order meanwhile has lost the focus
    const { current } = from;
    if (busy || !(current instanceof HTMLElement)) return;
    from.current = null;
    if (current.isConnected && [null, document.body].includes(document.activeElement as HTMLElement | null)) current.focus();
  }, [busy]);
  const clear = () => {
    setError(null);
    setFailure(null);
  };
  const run = async (...args: A) => {
    if (running.current) return false;
    running.current = true;
    from.current = document.activeElement;
    setBusy(true);
    clear();
    try {
      await act(...args);
      return true;
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 401 && me) leave('over');
      if (problem instanceof ApiError && problem.code === 'raise') void refresh(); // a right is over
      setError(explain(say, problem));
      setFailure(problem instanceof ApiError ? problem : null);
      return false;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, error, failure, clear };
}

export interface Loaded<T> {
  data: T | null;
  error: string | null;
  reload: () => Promise<void>;
}

/** What a page shows, read when it opens. */
export function useLoaded<T>(path: string): Loaded<T> {
  const { say, leave, returns } = useScene();
  const [data, setData] = useState<T | null>(null);
  const [error, setError] = useState<string | null>(null);
  const reload = useCallback(async () => {
    try {
      setData(await getAccount<T>(path));
      setError(null);
    } catch (problem) {
      if (problem instanceof ApiError && problem.status === 401) leave('over');
      setError(explain(say, problem));
    }
  }, [path, say]);
  useEffect(() => {
    void reload();
  }, [path, returns]);
  return { data, error, reload };
}

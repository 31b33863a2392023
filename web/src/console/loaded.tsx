// What a page of a lead shows, read when it opens and again every half minute.
import type { ComponentChildren } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { getConsole } from '../api/client';
import { useScene } from './scene';

const AGAIN_MS = 30_000;

export interface Loaded<T> {
  data: T | null;
  failed: boolean;
  reload: () => Promise<void>;
}

export function useLoaded<T>(path: string): Loaded<T> {
  const [data, setData] = useState<T | null>(null);
  const [failed, setFailed] = useState(false);
  const reload = useCallback(async () => {
    try {
      setData(await getConsole<T>(path));
      setFailed(false);
    } catch {
      setFailed(true); // whether the session is over, the desk finds out
    }
  }, [path]);
  useEffect(() => {
    void reload();
    const timer = setInterval(() => document.visibilityState === 'visible' && void reload(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [reload]);
  return { data, failed, reload };
}

export function LeadPage<T>({ class: more = '', name, intro, loaded, children }: {
  class?: string; name: string; intro: string; loaded: Loaded<T>; children: (data: T) => ComponentChildren;
}) {
  const { say } = useScene();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <main id="main" tabIndex={-1} class={`lead ${more}`}>
      <header>
        <h1 ref={heading} tabIndex={-1}>{name}</h1>
        <p class="soft">{intro}</p>
      </header>
      {loaded.failed && <p class="note bad" role="alert">{say('notice.unreachable')} <button type="button" class="small" onClick={() => void loaded.reload()}>{say('again')}</button></p>}
      {loaded.data === null ? !loaded.failed && <p class="coming" aria-busy="true">{say('loading')}</p> : children(loaded.data)}
    </main>
  );
}

// The supervisors' console: who is signed in, and which page.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ApiError, getConsole, postConsole, serverTime } from '../api/client';
import type { Language } from '../i18n';
import { chooseLanguage } from '../i18n';
import { useKept } from '../pages/sandbox/memory';
import { Bar, countOf } from './bar';
import { Desk } from './desk';
import type { Command } from './keys';
import { DeskPage, useCommands, useKeys } from './deskpage';
import { LessonsPage } from './lessons';
import { Legend } from './legend';
import { measured } from './marks';
import { OpenPage } from './openpage';
import type { Page } from './route';
import { pageOf } from './route';
import type { Scene } from './scene';
import { SceneProvider, isRefusedHere, sayIn, useDeskState, useScene } from './scene';
import { SignIn } from './signin';
import type { Left } from './signin';
import { Cover } from './states';
import { StatsPage } from './stats';
import type { Person } from './types';

const TRY_AGAIN_MS = 5_000;
type Refusal = 'device' | 'posture' | 'network' | 'door' | 'away';

function usePage(rights: readonly string[]): Page {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const read = () => setHash(location.hash);
    read(); // it may have changed since the first look
    window.addEventListener('hashchange', read);
    return () => window.removeEventListener('hashchange', read);
  }, []);
  return pageOf(hash, rights);
}

interface SignedInProps {
  onLanguage: (language: Language) => void;
  onOut: () => void;
}

/** Everything that is there once somebody has signed in. */
function SignedIn({ onLanguage, onOut }: SignedInProps) {
  const { me, desk, say, state } = useScene();
  const page = usePage(me?.rights ?? []);
  const [single, setSingle] = useKept('single_keys', true, () => localStorage);
  const [help, setHelp] = useState(false);
  const keys = useCommands(() => setHelp(true));
  // Away from the desk nothing is done to a request that is not seen.
  const allowed = useCallback((command: Command) => page === 'desk' || command === 'help' || command === 'next', [page]);
  const run = useCallback((command: Command, event?: KeyboardEvent) => {
    if (page !== 'desk' && command === 'next') location.hash = '';
    return keys.run(command, event);
  }, [page, keys.run]);
  useKeys(single, allowed, run);
  useEffect(() => {
    void desk.refresh();
    const timer = setInterval(() => desk.tick(), 1000);
    return () => clearInterval(timer);
  }, [desk]);
  const waiting = state.phase === 'idle' ? countOf(state.queue) : 0;
  useEffect(() => { // whoever waits with another window in front sees it in the tab
    const title = page === 'desk' ? say('title') : `${say(`page.${page}`)} · ${say('title')}`;
    document.title = waiting > 0 ? `(${waiting}) ${title}` : title;
  }, [page, say, waiting]);
  return (
    <>
      <Bar page={page} onLanguage={onLanguage} onOut={onOut} onCommand={(command, at) => void measured(command, at, run(command))} />
      {page === 'desk' && <DeskPage keys={keys} />}
      {page === 'open' && <OpenPage />}
      {page === 'stats' && <StatsPage />}
      {page === 'lessons' && <LessonsPage />}
      {help && <Legend single={single} onSingle={setSingle} onClose={() => setHelp(false)} />}
    </>
  );
}

interface Session {
  me: Person | null;
  /** The first answer has come */
  known: boolean;
  refusal: Refusal | null;
  left: Left;
  enter: (who: Person) => void;
  refuse: (why: Refusal) => void;
  out: () => Promise<void>;
  over: () => void;
}

/** Who is signed in; asked again for as long as the workstation is refused or nobody answers. */
function useSession(forget: () => void): Session {
  const [me, setMe] = useState<Person | null>(null);
  const [known, setKnown] = useState(false);
  const [refusal, setRefusal] = useState<Refusal | null>(null);
  const [left, setLeft] = useState<Left>(null);
  const last = useRef<string | null>(null);
  const enter = (who: Person) => {
    if (last.current !== null && last.current !== who.person) forget();
    last.current = who.person;
    setMe(who);
    setLeft(null);
  };
  const ask = useCallback(async () => {
    try {
      enter(await getConsole<Person>('/me'));
      setRefusal(null);
    } catch (error) {
      if (isRefusedHere(error)) setRefusal(error.code as Refusal);
      else setRefusal(error instanceof ApiError && error.status === 401 ? null : 'away');
    }
    setKnown(true);
  }, []);
  const out = async () => {
    await postConsole('/logout').catch(() => {}); // the session ends by itself
    forget();
    setMe(null);
    setLeft('out');
  };
  const over = () => {
    setMe(null);
    setLeft('over');
  };
  useEffect(() => void ask(), []);
  useEffect(() => {
    if (refusal === null) return;
    const timer = setInterval(() => void ask(), TRY_AGAIN_MS);
    return () => clearInterval(timer);
  }, [refusal, ask]);
  return { me, known, refusal, left, enter, refuse: setRefusal, out, over };
}

export function Console() {
  const [stored, setLanguage] = useKept<string | null>('language', null, () => localStorage);
  const overs = useRef(() => {});
  const desk = useMemo(() => new Desk({ get: getConsole, post: postConsole }, serverTime, () => overs.current()), []);
  const state = useDeskState(desk);
  const { me, known, refusal, left, enter, refuse, out, over } = useSession(() => desk.forget());
  overs.current = over;
  const language = chooseLanguage(stored ?? me?.language ?? null, navigator.languages);
  const say = useMemo(() => sayIn(language), [language]);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = say('title');
  }, [language]);
  const scene: Scene = { say, language, me, desk, state };
  return (
    <SceneProvider value={scene}>
      {me ? <SignedIn onLanguage={setLanguage} onOut={() => void out()} /> : (
        <>
          <Bar page="desk" onLanguage={setLanguage} onOut={() => {}} onCommand={() => {}} />
          <Outside known={known} refusal={refusal} left={left} onRefused={refuse} onEntered={enter} />
        </>
      )}
    </SceneProvider>
  );
}

function Outside({ known, refusal, left, onRefused, onEntered }: {
  known: boolean; refusal: Refusal | null; left: Left; onRefused: (why: Refusal) => void; onEntered: (me: Person) => void;
}) {
  const { say, desk } = useScene();
  if (!known) return <main id="main" class="desk empty"><p class="coming" aria-busy="true">{say('loading')}</p></main>;
  if (refusal === 'away')
    return (
      <main id="main" class="desk empty">
        <section class="calm" data-state="away"><h1>{say('away.title')}</h1><p role="status">{say('away.text')}</p></section>
      </main>
    );
  if (refusal !== null) return <main id="main" class="desk empty"><Cover why={refusal} typed={false} /></main>;
  return <SignIn left={left} keeps={desk.keeps} onEntered={onEntered} onRefused={onRefused} />;
}

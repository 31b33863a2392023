// The pages of an account: who is signed in decides what there is.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { ApiError, getAccount, postAccount, proofIsAsked } from '../api/client';
import type { Me } from '../api/types';
import type { Language } from '../i18n';
import { chooseLanguage, languages } from '../i18n';
import { useKept } from '../pages/sandbox/memory';
import { Enrol } from './pages/enrol';
import { Factors } from './pages/factors';
import { Lost } from './pages/lost';
import { MeetingPage, Meetings } from './pages/meetings';
import { Metrics } from './pages/metrics';
import { People } from './pages/people';
import { Raises } from './pages/raises';
import { ReviewPage, Reviews } from './pages/reviews';
import { Sessions } from './pages/sessions';
import { SignIn, SsoCode } from './pages/signin';
import { Tokens } from './pages/tokens';
import { Note, Title, To } from './parts';
import { ProofGate } from './proof';
import type { Route } from './route';
import { pagesOf, pathOf, routeOf } from './route';
import type { Scene } from './scene';
import { SceneContext, sayIn, sayOr, useAction, useScene } from './scene';

const names: Record<Language, string> = { fr: 'Français', en: 'English' };

function Languages({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const { say, language } = useScene();
  return (
    <div class="languages" role="group" aria-label={say('language')}>
      {languages.map((each) => (
        <button type="button" key={each} lang={each} title={names[each]} aria-pressed={each === language} onClick={() => onLanguage(each)}>
          {each.toUpperCase()}
        </button>
      ))}
    </div>
  );
}

function TopBar({ onLanguage }: { onLanguage: (language: Language) => void }) {
  const { say, me, leave, language } = useScene();
  const out = useAction(async () => {
    const { provider_logout } = await postAccount<{ provider_logout?: string }>('/logout');
    if (provider_logout) location.assign(provider_logout);
    else leave('out');
  });
  return (
    <header class="top">
      <a class="skip" href="#main">{say('skip')}</a>
      <p class="brand">
        <img src="/icon.svg" alt="" width="28" height="28" />
        Rendez
      </p>
      {me && (
        <p class="who">
          <span class="who-name">{me.name}</span>
          <span class="who-more">{sayOr(say, 'function', me.function)}</span>
        </p>
      )}
      {!me && <a class="trust" href={`/trust?lang=${language}`}>{say('trust')}</a>}
      <Languages onLanguage={onLanguage} />
      {me && (
        <button type="button" class="plain out" disabled={out.busy} onClick={() => void out.run()}>{say('out')}</button>
      )}
      {out.error && <Note error>{out.error}</Note>}
    </header>
  );
}

function Menu({ route }: { route: Route }) {
  const { say, me, language } = useScene();
  const pages = pagesOf(me?.rights ?? []);
  const here = route.page === 'home' ? pages[0] : route.page;
  return (
    <nav class="menu" aria-label={say('menu')}>
      <ul>
        {pages.map((page) => (
          <li key={page}>
            <To page={page} aria-current={page === here ? 'page' : undefined}>{sayOr(say, 'page', page)}</To>
          </li>
        ))}
        {me?.rights.includes('evidence.read') && <li><a href={`/trust/auditor?lang=${language}`}>{say('trust.auditor')}</a></li>}
        <li><a href={`/trust?lang=${language}`}>{say('trust')}</a></li>
      </ul>
    </nav>
  );
}

function Absent() {
  const { say } = useScene();
  return (
    <section class="card">
      <Title intro={say('absent.text')}>{say('absent.title')}</Title>
      <To page="home">{say('absent.home')}</To>
    </section>
  );
}

function SignedIn({ route }: { route: Route }) {
  const { me } = useScene();
  const pages = pagesOf(me?.rights ?? []);
  const page = route.page === 'home' ? (pages[0] ?? 'absent') : route.page;
  if (!pages.includes(page)) return <Absent />;
  switch (page) {
    case 'meetings':
      return route.id === null ? <Meetings /> : <MeetingPage id={route.id} />;
    case 'reviews':
      return route.id === null ? <Reviews /> : <ReviewPage key={route.id} id={route.id} />;
    case 'factors':
      return <Factors />;
    case 'sessions':
      return <Sessions />;
    case 'tokens':
      return <Tokens />;
    case 'people':
      return <People />;
    case 'metrics':
      return <Metrics />;
    case 'raises':
      return <Raises />;
    default:
      return <Absent />;
  }
}

type Why = 'over' | 'out' | 'sso' | null;

/** An invitation's token, taken out of the address at once, so that it stays in no history. */
function takeToken(): string | null {
  const hash = location.hash.slice(1);
  if (hash === '') return null;
  history.replaceState(null, '', location.pathname);
  return hash;
}

const WATCH_MS = 3000;
const LOOK_AGAIN_MS = 300; // another tab may just have got another cookie

const isOver = (problem: unknown) => problem instanceof ApiError && problem.status === 401;

/** Whether the session is over, asked without keeping it awake. */
async function sessionIsOver(): Promise<boolean> {
  for (let left = 2; left > 0; left--) {
    try {
      await getAccount('/session');
      return false;
    } catch (problem) {
      if (!isOver(problem)) return false; // of whoever cannot be reached nothing is known
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
  return true;
}

/** Who was signed out elsewhere, left, or was away for too long leaves nothing on the screen. */
function useWatch(watches: boolean, onOver: () => void, onReturn: () => void): void {
  useEffect(() => {
    if (!watches) return;
    let looking = false;
    const look = async (returned: boolean) => {
      if (looking || document.visibilityState !== 'visible' || proofIsAsked()) return;
      looking = true;
      const over = await sessionIsOver();
      looking = false;
      if (over && !proofIsAsked()) onOver();
      else if (returned) onReturn();
    };
    const timer = setInterval(() => void look(false), WATCH_MS);
    const come = () => void look(true);
    document.addEventListener('visibilitychange', come);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', come);
    };
  }, [watches, onOver, onReturn]);
}

export function Account() {
  const [stored, setLanguage] = useKept<string | null>('language', null, () => localStorage);
  const [me, setMe] = useState<Me | null>(null);
  const [state, setState] = useState<'asking' | 'known' | 'away'>('asking');
  const [why, setWhy] = useState<Why>(null);
  const [route, setRoute] = useState(() => routeOf(location.pathname));
  const [token, setToken] = useState<string | null>(null);
  const [ssoCode, setSsoCode] = useState(false);
  const [returns, setReturns] = useState(0);
  const language = chooseLanguage(stored ?? me?.language ?? null, navigator.languages);
  const say = useMemo(() => sayIn(language), [language]);
  const refresh = useCallback(async () => {
    try {
      setMe(await getAccount<Me>('/me'));
      setState('known');
    } catch (problem) {
      setMe(null);
      setState(isOver(problem) ? 'known' : 'away');
    }
  }, []);
  const go = useCallback<Scene['go']>((page, id) => {
    history.pushState(null, '', pathOf(page, id));
    (document.activeElement as HTMLElement | null)?.blur();
    setRoute({ page, id: id ?? null });
    window.scrollTo(0, 0);
  }, []);
  const leave = useCallback<Scene['leave']>((cause) => {
    setMe(null);
    setWhy(cause);
    setState('known');
    history.replaceState(null, '', pathOf('home'));
    setRoute({ page: 'home', id: null });
  }, []);
  const over = useCallback(() => leave('over'), []);
  const come = useCallback(() => {
    setReturns((times) => times + 1);
    void getAccount<Me>('/me').then(setMe, () => {}); // what fails is told by what is read with it
  }, []);
  useWatch(me?.session === 'full', over, come);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  useEffect(() => {
    const read = () => {
      const hash = takeToken();
      if (hash === 'sso-failed') setWhy('sso');
      else if (hash === 'sso-code') setSsoCode(true);
      else if (hash !== null && routeOf(location.pathname).page === 'enrol') setToken(hash);
      setRoute(routeOf(location.pathname));
    };
    read();
    void refresh();
    window.addEventListener('popstate', read);
    window.addEventListener('hashchange', read);
    return () => {
      window.removeEventListener('popstate', read);
      window.removeEventListener('hashchange', read);
    };
  }, []);
  const scene: Scene = { say, language, me, refresh, leave, go, returns };
  return (
    <SceneContext.Provider value={scene}>
      <TopBar onLanguage={setLanguage} />
      <Body
        state={state}
        route={route}
        token={token}
        why={why}
        ssoCode={ssoCode}
        onToken={() => setToken(null)}
        onSigned={(who) => {
          setWhy(null);
          setSsoCode(false);
          if (who) setMe(who);
          else void refresh();
        }}
        onSsoFailed={() => {
          setSsoCode(false);
          setWhy('sso');
        }}
      />
    </SceneContext.Provider>
  );
}

interface BodyProps {
  state: 'asking' | 'known' | 'away';
  route: Route;
  token: string | null;
  why: Why;
  /** A provider has vouched for the person; our own code is still wanted */
  ssoCode: boolean;
  onToken: () => void;
  /** null: who it is, is to be asked */
  onSigned: (me: Me | null) => void;
  onSsoFailed: () => void;
}

function Body({ state, route, token, why, ssoCode, onToken, onSigned, onSsoFailed }: BodyProps) {
  const { say, me, refresh } = useScene();
  if (state === 'asking')
    return <main id="main" class="single"><p class="coming" aria-busy="true">{say('loading')}</p></main>;
  if (state === 'away')
    return (
      <main id="main" class="single">
        <section class="card">
          <Title>{say('away.title')}</Title>
          <Note error>{say('error.unreachable')}</Note>
          <button type="button" class="primary" onClick={() => void refresh()}>{say('again')}</button>
        </section>
      </main>
    );
  if (token !== null || (me && me.session === 'enrolment'))
    return <main id="main" class="single"><Enrol token={token} onTaken={onToken} onSigned={onSigned} /></main>;
  if (!me && ssoCode)
    return <main id="main" class="single"><SsoCode onSigned={() => onSigned(null)} onFailed={onSsoFailed} /></main>;
  if (!me)
    return (
      <main id="main" class="single">
        {route.page === 'lost' ? <Lost /> : <SignIn why={why} enrols={route.page === 'enrol'} onSigned={onSigned} />}
      </main>
    );
  return (
    <div class="stage">
      <Menu route={route} />
      <main id="main"><SignedIn route={route} /></main>
      <ProofGate />
    </div>
  );
}

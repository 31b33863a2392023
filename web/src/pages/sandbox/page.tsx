// The sandbox: each person's mailbox and calendar, and the assistant between them.
import { useEffect } from 'preact/hooks';
import type { Message, View } from '../../api/types';
import type { Language } from '../../i18n';
import { chooseLanguage, languages, sayIn } from '../../i18n';
import { WeekCalendar } from '../../parts/calendar';

import { Compose } from '../../parts/compose';
import { SceneContext, isAssistant, nameOf, personOf, useScene } from '../../parts/context';
import { GuideBar } from '../../parts/guide';
import { People } from '../../parts/people';
import { ThreadPane } from '../../parts/thread';
import { Threads } from '../../parts/threads';
import type { Tab } from './desk';
import { useDesk } from './desk';
import { useLive } from './live';
import type { Draft, Thread } from './mail';
import { replyDraft } from './mail';
import { useKept } from './memory';
import { focusOf } from './paint';

const names: Record<Language, string> = { fr: 'Français', en: 'English' };

function TopBar({ language, onLanguage }: { language: Language; onLanguage: (l: Language) => void }) {
  const say = sayIn(language);
  return (
    <header class="top">
      <a class="skip" href="#mail">
        {say('app.skip')}
      </a>
      <h1>
        <img src="/icon.svg" alt="" width="28" height="28" />
        Rendez <span class="top-kind">{say('app.sandbox')}</span>
      </h1>
      <p class="top-line">{say('app.tagline')}</p>
      <a class="top-trust" href={`/trust?lang=${language}`}>{say('app.trust')}</a>
      <div class="languages" role="group" aria-label={say('app.language')}>
        {languages.map((l) => (
          <button
            type="button"
            key={l}
            lang={l}
            title={names[l]}
            aria-pressed={l === language}
            onClick={() => onLanguage(l)}
          >
            <span class="long">{names[l]}</span>
            <span class="short">{l.toUpperCase()}</span>
          </button>
        ))}
      </div>
    </header>
  );
}

interface MailboxProps {
  threads: Thread[];
  open: Thread | null;
  draft: Draft | null;
  seen: ReadonlySet<string>;
  onOpen: (key: string | null) => void;
  onDraft: (draft: Draft | null) => void;
  onWrite: () => void;
  onSent: (id: string) => void;
}

function EmptyMailbox({ onWrite }: { onWrite: () => void }) {
  const { view, who, say } = useScene();
  const person = personOf(view, who);
  const values = { person: nameOf(view, who).split(' ')[0] ?? '', assistant: view.assistant.name };
  const key = !person ? 'mail.empty.assistant' : person.kind === 'guest' ? 'mail.empty.guest' : 'mail.empty.write';
  return (
    <div class="empty">
      <span class="empty-mark" aria-hidden="true" />
      <h3>{say('mail.empty.title')}</h3>
      <p>{say(key, values)}</p>
      {person?.kind === 'colleague' && (
        <button type="button" class="primary" onClick={onWrite}>
          {say('guide.write.action', values)}
        </button>
      )}
    </div>
  );
}

function MailboxPane({ threads, open, draft, seen, onOpen, onDraft, onWrite, onSent }: MailboxProps) {
  const { view, who, say } = useScene();
  const name = nameOf(view, who);
  const showsList = threads.length > 0;
  const reading = draft !== null || open !== null;
  return (
    <section class={`mailbox${reading ? ' is-reading' : ''}`} id="mail" tabIndex={-1} aria-labelledby="mail-title">
      <header>
        <h2 id="mail-title">{say('mail.title', { person: name.split(' ')[0] ?? name })}</h2>
        <span class="address">{who}</span>
        {!isAssistant(view, who) && showsList && !draft && (
          <button type="button" class="primary write" onClick={onWrite}>
            {say('mail.write')}
          </button>
        )}
      </header>
      <div class={`mailbox-body${showsList ? '' : ' no-list'}`}>
        {showsList && <Threads threads={threads} open={draft ? null : (open?.key ?? null)} seen={seen} onOpen={onOpen} />}
        <div class="pane">
          {draft ? (
            <Compose draft={draft} onChange={onDraft} onSent={onSent} onCancel={() => onDraft(null)} />
          ) : open ? (
            <ThreadPane
              thread={open}
              onBack={() => onOpen(null)}
              onReply={(message: Message, all: boolean) => onDraft(replyDraft(message, who, all))}
            />
          ) : showsList ? (
            <p class="pick">{say('mail.pick')}</p>
          ) : (
            <EmptyMailbox onWrite={onWrite} />
          )}
        </div>
      </div>
    </section>
  );
}

function Tabs({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  const { say } = useScene();
  return (
    <div class="tabs" role="group" aria-label={say('tabs.label')}>
      {(['mail', 'calendar'] as const).map((t) => (
        <button type="button" key={t} aria-pressed={t === tab} onClick={() => onTab(t)}>
          {say(`tabs.${t}`)}
        </button>
      ))}
    </div>
  );
}

interface SandboxProps {
  view: View;
  language: Language;
  hurry: () => void;
  offline: boolean;
}

function Sandbox({ view, language, hurry, offline }: SandboxProps) {
  const say = sayIn(language);
  const desk = useDesk(view);
  const [guided, setGuided] = useKept('guided', true);
  const { who, zone, open, paint, tab } = desk;
  return (
    <SceneContext.Provider value={{ view, language, say, who, zone }}>
      {offline && (
        <p class="offline" role="alert">
          {say('app.offline')}
        </p>
      )}
      {guided && <GuideBar guide={desk.guide} onAct={desk.act} onHide={() => setGuided(false)} />}
      <div class={`stage shows-${tab}`}>
        <People seen={desk.seen} onPick={(address) => desk.pick(address)} />
        <main>
          <Tabs tab={tab} onTab={desk.setTab} />
          <MailboxPane
            key={who}
            threads={desk.threads}
            open={open}
            draft={desk.draft}
            seen={desk.seen}
            onOpen={desk.read}
            onDraft={desk.setDraft}
            onWrite={() => desk.write(who)}
            onSent={(id) => {
              desk.sent(id);
              hurry();
            }}
          />
          <WeekCalendar paint={paint} focus={focusOf(open, paint)} />
        </main>
      </div>
    </SceneContext.Provider>
  );
}

export function Page() {
  const [stored, setLanguage] = useKept<string | null>('language', null, () => localStorage);
  const { view, trouble, hurry } = useLive();
  const language = chooseLanguage(stored, navigator.languages);
  const say = sayIn(language);
  useEffect(() => {
    document.documentElement.lang = language;
    document.title = `Rendez · ${say('app.sandbox')}`;
  }, [language]);
  return (
    <>
      <TopBar language={language} onLanguage={setLanguage} />
      {view ? (
        <Sandbox view={view} language={language} hurry={hurry} offline={trouble !== null} />
      ) : trouble ? (
        <main class="whole" id="mail">
          <div role="alert">
            <h2>{say('app.error.title')}</h2>
            <p>{say(trouble === 'absent' ? 'app.error.absent' : 'app.error.text')}</p>
          </div>
        </main>
      ) : (
        <main class="whole" id="mail" aria-busy="true">
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <p>{say('app.loading')}</p>
        </main>
      )}
    </>
  );
}

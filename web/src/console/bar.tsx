// The thin line on top: how long there is, how urgent, how many wait, the next one; and the other pages.
import { serverTime } from '../api/client';
import type { Language } from '../i18n';
import { languages } from '../i18n';
import { keyOf } from './keys';
import type { Command } from './keys';
import type { Page } from './route';
import { pagesOf, pathOf } from './route';
import { sayCount, useScene, useSeconds } from './scene';
import type { Queue } from './types';
import { lengthLeft } from './left';

const names: Record<Language, string> = { fr: 'Français', en: 'English' };

function Due() {
  const { say, state } = useScene();
  const now = useSeconds(serverTime);
  if (!state.case) return null;
  const { deadline, opened, priority, language } = state.case.task;
  const left = Date.parse(deadline) - now;
  const whole = Math.max(1, Date.parse(deadline) - Date.parse(opened));
  const share = Math.min(100, Math.max(0, (100 * (now - Date.parse(opened))) / whole));
  const how = left <= 0 ? 'over' : share > 50 ? 'soon' : 'early';
  return (
    <>
      <span class={`due ${how}`} role="timer" aria-label={say('due.label')}>
        {say(left <= 0 ? 'due.over' : 'due.left', { time: lengthLeft(Math.abs(left)) })}
      </span>
      <span class={`badge priority-${priority}`}><span class="hidden">{say('priority')} </span>{say(`priority.${priority}`)}</span>
      <span class="badge plain-badge">{say(`tongue.${language}`)}</span>
      <span class={`due-line ${how}`} aria-hidden="true"><i style={{ width: `${share}%` }} /></span>
    </>
  );
}

export const countOf = (queue: Queue | null): number => (queue?.waiting ?? []).reduce((sum, each) => sum + each.count, 0);

function Waiting() {
  const { say, state } = useScene();
  if (!state.queue) return null;
  const count = countOf(state.queue);
  const urgent = state.queue.waiting.filter(({ priority }) => priority === 'urgent').reduce((sum, each) => sum + each.count, 0);
  const by = state.queue.waiting.filter((each) => each.count > 0)
    .map((each) => say('wait.by', { count: each.count, priority: say(`priority.${each.priority}`), language: say(`tongue.${each.language}`) }));
  return (
    <span class="waiting-count" title={by.join('\n')} data-count={count}>
      {count === 0 ? say('wait.none') : sayCount(say, 'wait', count)}
      {urgent > 0 && <span class="badge priority-urgent">{sayCount(say, 'wait.urgent', urgent)}</span>}
    </span>
  );
}

interface Props {
  page: Page;
  onLanguage: (language: Language) => void;
  onCommand: (command: Command, at: number) => void;
  onOut: () => void;
}

export function Bar({ page, onLanguage, onCommand, onOut }: Props) {
  const { say, language, me, state } = useScene();
  const pages = pagesOf(me?.rights ?? []);
  return (
    <header class="bar">
      <a class="skip" href="#main" onClick={(event) => {
        event.preventDefault(); // what is behind "#" names a page here
        document.getElementById('main')?.focus();
      }}>{say('skip')}</a>
      <p class="brand"><img src="/icon.svg" alt="" width="22" height="22" />Rendez</p>
      {me && <Due />}
      <span class="gap" />
      {me && <Waiting />}
      {me && (
        <button type="button" class={state.phase === 'case' ? 'plain' : 'primary'} aria-keyshortcuts={keyOf('next')} disabled={state.phase === 'taking' || state.phase === 'covered'}
          onClick={(event) => onCommand('next', event.timeStamp)}>
          {say('next')} <kbd aria-hidden="true">{keyOf('next')}</kbd>
        </button>
      )}
      {me && pages.length > 1 && (
        <nav aria-label={say('menu')}>
          {pages.map((each) => (
            <a key={each} href={pathOf(each)} aria-current={each === page ? 'page' : undefined}>{say(`page.${each}`)}</a>
          ))}
        </nav>
      )}
      <div class="languages" role="group" aria-label={say('language')}>
        {languages.map((each) => (
          <button type="button" key={each} lang={each} title={names[each]} aria-pressed={each === language} onClick={() => onLanguage(each)}>{each.toUpperCase()}</button>
        ))}
      </div>
      {me && (
        <button type="button" class="small quiet" aria-haspopup="dialog" onClick={(event) => onCommand('help', event.timeStamp)}>
          <span class="keys-word">{say('keys')}</span> <kbd aria-hidden="true">{keyOf('help')}</kbd>
        </button>
      )}
      {me && <button type="button" class="small quiet out" title={me.name} onClick={onOut}>{say('out')}</button>}
    </header>
  );
}

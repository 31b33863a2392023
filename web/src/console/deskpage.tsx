// The desk: the request that somebody decides, or what is said when there is none. Keys are taken here.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { serverTime } from '../api/client';
import { Acts } from './acts';
import { modeOf } from './desk';
import type { PanelName } from './desk';
import type { Command } from './keys';
import { commandOf, isTyping } from './keys';
import { lengthLeft } from './left';
import { LessonDialog } from './lesson';
import { measured } from './marks';
import { OpenDialog } from './opening';
import { Panel, isWriting } from './panels';
import { Reading, turnOffer } from './reading';
import { Rehearsal } from './rehearsal';
import { useScene, useSeconds } from './scene';
import { Reason, Sends } from './sends';
import { NoCase } from './states';
import { Talk } from './talk';
import type { Tip } from './text';
import { TipContext } from './text';

const panels: Partial<Record<Command, PanelName>> = {
  reply: 'reply', ask: 'ask', refuse: 'refuse', opinion: 'opinion', hand_on: 'hand_on', answer: 'answer',
};
const menus: Partial<Record<Command, string>> = { intent: 'intent', kind: 'kind', minutes: 'minutes', place: 'place' };

export interface DeskKeys {
  menu: string | null;
  setMenu: (menu: string | null) => void;
  /** What a key or its button does; resolves when it is done */
  run: (command: Command, event?: KeyboardEvent) => Promise<unknown> | void;
}

const focus = (selector: string) => document.querySelector<HTMLElement>(selector)?.focus();

/** What every command does. */
export function useCommands(onHelp: () => void): DeskKeys {
  const { desk, state } = useScene();
  const [menu, setMenu] = useState<string | null>(null);
  const current = useRef(state);
  current.current = state;
  useEffect(() => setMenu(null), [state.task, state.phase]);
  const escape = () => {
    setMenu(null);
    if (current.current.panel !== null) desk.show(null);
    (document.activeElement as HTMLElement | null)?.blur();
  };
  const run = useCallback((command: Command, event?: KeyboardEvent): Promise<unknown> | void => {
    const panel = panels[command];
    if (panel) return desk.show(panel);
    const chip = menus[command];
    if (chip) return setMenu(chip);
    switch (command) {
      case 'next': return desk.next();
      case 'decide': return desk.decide();
      case 'second': return desk.second(true);
      case 'not_second': return desk.second(false);
      case 'leave': return desk.giveBack();
      case 'undo': return desk.undo();
      case 'open': return desk.show('open', 'people'); // always the same keys
      case 'lesson': return current.current.done?.corrected && !current.current.lesson ? desk.lesson() : undefined;
      case 'people': return focus('.people .chip');
      case 'week': return focus('.week-grid');
      case 'offer': return event && turnOffer(event);
      case 'help': return onHelp();
      case 'escape': return escape();
    }
  }, [desk]);
  return { menu, setMenu, run };
}

/** Letters are commands wherever they are not text. */
export function useKeys(single: boolean, allowed: (command: Command) => boolean, run: DeskKeys['run']): void {
  const { desk } = useScene();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      desk.touch();
      const target = event.target instanceof HTMLElement ? event.target : null;
      const command = commandOf(event, modeOf(desk.state));
      if (event.defaultPrevented || command === null || !allowed(command) || document.querySelector('dialog[open]')) return;
      if (command !== 'escape' && (isTyping(target) || !single)) return;
      event.preventDefault();
      void measured(command, event.timeStamp, run(command, event));
    };
    const onTouch = () => desk.touch();
    const onHide = () => (document.visibilityState === 'hidden' ? desk.closeAll() : desk.come());
    window.addEventListener('keydown', onKey);
    window.addEventListener('pointermove', onTouch);
    document.addEventListener('visibilitychange', onHide);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('pointermove', onTouch);
      document.removeEventListener('visibilitychange', onHide);
    };
  }, [desk, single, allowed, run]);
}

/** Whoever closes a panel is where they opened it, unless they have gone on. */
function useWayBack(): void {
  const { state } = useScene();
  const opener = state.panel === 'open' ? `open-${state.part}` : state.panel;
  const last = useRef<string | null>(null);
  useEffect(() => {
    if (opener === null && last.current !== null && document.activeElement === document.body) focus(`[data-opens="${last.current}"]`);
    last.current = opener;
  }, [opener]);
}

function Notices() {
  const { say, state } = useScene();
  const now = useSeconds(serverTime);
  return (
    <div class="notices">
      {state.offline && <p class="note bad" role="status">{say('offline')}</p>}
      {state.away && state.phase === 'case' && <p class="note bad" role="alert">{say('still_there', { time: lengthLeft(state.ends - now) })}</p>}
      {state.notice && !(state.notice === 'invalid' && state.panel === null) && <p class={`note ${state.notice === 'conflict' ? '' : 'bad'}`} role="alert">{say(`notice.${state.notice}`)}</p>}
    </div>
  );
}

function CasePage({ menu, setMenu }: Pick<DeskKeys, 'menu' | 'setMenu'>) {
  const { say, state } = useScene();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [state.case?.task.id]);
  if (modeOf(state) === 'alone')
    return (
      <>
        <h1 class="hidden" ref={heading} tabIndex={-1}>{say('case')}</h1>
        <div class="side alone">
          <Reason />
          {isWriting(state.panel) ? <Panel key={state.panel} /> : <p class="soft">{say('alone.text')}</p>}
        </div>
      </>
    );
  return (
    <>
      <h1 class="hidden" ref={heading} tabIndex={-1}>{say('case')}</h1>
      <Talk />
      <Reading menu={menu} onMenu={setMenu} />
      <div class="side">
        <Reason />
        {isWriting(state.panel) ? <Panel key={state.panel} /> : <Sends />}
      </div>
    </>
  );
}

export function DeskPage({ keys }: { keys: DeskKeys }) {
  const { state } = useScene();
  const [tip, setTip] = useState<Tip | null>(null);
  useWayBack();
  const onCommand = (command: Command, at: number) => void measured(command, at, keys.run(command));
  const hasCase = state.phase === 'case' && state.case !== null;
  useEffect(() => {
    setTip(null);
    const hide = (event: KeyboardEvent) => event.key === 'Escape' && setTip(null);
    window.addEventListener('keydown', hide);
    return () => window.removeEventListener('keydown', hide);
  }, [state.task]);
  return (
    <TipContext.Provider value={setTip}>
      <main id="main" tabIndex={-1} class={hasCase ? 'desk' : 'desk empty'} onScroll={() => setTip(null)}>
        <Notices />
        {hasCase ? <CasePage menu={keys.menu} setMenu={keys.setMenu} /> : <NoCase onCommand={onCommand} />}
      </main>
      {hasCase && <Acts onCommand={onCommand} />}
      <Rehearsal>
        <div class="desk"><CasePage menu={null} setMenu={() => {}} /></div>
        <Acts onCommand={() => {}} />
      </Rehearsal>
      {hasCase && state.panel === 'open' && <OpenDialog />}
      {state.panel === 'lesson' && state.lesson && <LessonDialog lesson={state.lesson} />}
      {tip && <div class="tip" role="tooltip" style={{ left: `${Math.min(tip.left, window.innerWidth - 300)}px`, top: `${tip.top + 6}px` }}>{tip.text}</div>}
    </TipContext.Provider>
  );
}


// What is written about a request: a reply, a question, a refusal, an opinion, a note. Where the draft stands otherwise.
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Typed } from './desk';
import { measured } from './marks';
import { labelOf, useCase, useScene } from './scene';
import type { Key } from './scene';
import { isSaid } from './sends';
import { Masked, tokensOf } from './text';

type Field = 'reply' | 'ask' | 'refuse' | 'opinion' | 'answer' | 'note';

interface WriteProps {
  field: Field;
  title: Key;
  intro?: Key;
  send: Key;
  /** An empty text says something too */
  mayBeEmpty?: boolean;
  onSend: (text: string) => Promise<boolean>;
  danger?: boolean;
  children?: ComponentChildren;
}

/** "[P1] M. D. · a…": puts the person where the caret is. */
function Insert({ onInsert }: { onInsert: (token: string) => void }) {
  const { say, state } = useScene();
  const { shown } = useCase();
  return (
    <p class="insert">
      <span class="soft">{say('panel.insert')}</span>
      {shown.people.map(({ id }) => (
        <button type="button" class="small" key={id} onClick={() => onInsert(`[${id}]`)}>[{id}] <span class="soft">{labelOf(state, id)}</span></button>
      ))}
    </p>
  );
}

function Write({ field, title, intro, send, mayBeEmpty = false, onSend, danger = false, children }: WriteProps) {
  const { say, desk, state } = useScene();
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const text = state.typed[field];
  const good = mayBeEmpty || isSaid(text);
  const busy = state.doing !== null;
  useLayoutEffect(() => {
    area.current?.focus();
    area.current?.setSelectionRange(text.length, text.length);
  }, [field]);
  const insert = (token: string) => {
    const { current } = area;
    if (!current) return;
    current.setRangeText(token, current.selectionStart, current.selectionEnd, 'end');
    desk.type({ [field]: current.value } as Partial<Typed>);
    current.focus();
  };
  const go = (at: number) => good && !busy && void measured('send', at, onSend(text.trim()));
  const onKey = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) go(event.timeStamp);
    else if (event.key === 'Escape') desk.show(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <section class="panel write" aria-labelledby={id} onKeyDown={onKey}>
      <header class="panel-head"><h2 id={id}><label for={`${id}-text`}>{say(title)}</label></h2></header>
      {intro && <p class="soft" id={`${id}-intro`}>{say(intro)}</p>}
      {children}
      <textarea
        id={`${id}-text`} ref={area} value={text} maxLength={4000} aria-describedby={intro ? `${id}-intro` : undefined}
        onInput={(event) => desk.type({ [field]: event.currentTarget.value } as Partial<Typed>)}
      />
      <Insert onInsert={insert} />
      {tokensOf(text).some((token) => token.id !== null) && (
        <div class="letter as-sent">
          <p class="soft">{say('panel.as_sent')}</p>
          <p class="body"><Masked text={text} /></p>
        </div>
      )}
      <p class="soft names">{say('panel.names')}</p>
      <p class="send">
        <button type="button" class={danger ? 'danger' : 'primary'} disabled={!good || busy} onClick={(event) => go(event.timeStamp)}>
          {say(send)} <kbd aria-hidden="true">{say('panel.send_key')}</kbd>
        </button>
        <button type="button" class="quiet" onClick={() => desk.show(null)}>{say('cancel')} <kbd aria-hidden="true">Esc</kbd></button>
        <Seconded field={field} />
      </p>
    </section>
  );
}

const acts: Partial<Record<Field, string>> = { reply: 'take_over', ask: 'ask_back', refuse: 'refuse' };

function Seconded({ field }: { field: Field }) {
  const { say } = useScene();
  const { shown } = useCase();
  const act = acts[field];
  return act !== undefined && shown.task.four_eyes.includes(act) ? <span class="soft">{say('act.propose')}</span> : null;
}

function Segments<T extends string>({ label, options, value, onValue }: {
  label: string; options: readonly { value: T; text: string }[]; value: T; onValue: (value: T) => void;
}) {
  const id = useId();
  return (
    <fieldset class="segments">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={id} value={option.value} checked={option.value === value} onChange={() => onValue(option.value)} />
          <span>{option.text}</span>
        </label>
      ))}
    </fieldset>
  );
}

export function Panel() {
  const { say, desk, state } = useScene();
  const { typed } = state;
  switch (state.panel) {
    case 'reply':
      return <Write field="reply" title="panel.reply" send="panel.reply.send" onSend={(text) => desk.decide({ take_over: text })} />;
    case 'ask':
      return (
        <Write field="ask" title="panel.ask" send="panel.ask.send" onSend={(text) => desk.decide({ ask_back: { whom: typed.whom, text } })}>
          <Segments
            label={say('panel.ask.whom')} value={typed.whom} onValue={(whom) => desk.type({ whom })}
            options={[{ value: 'writer', text: say('panel.ask.writer') }, { value: 'organizer', text: say('panel.ask.organizer') }]}
          />
        </Write>
      );
    case 'refuse':
      return (
        <Write field="refuse" title="panel.refuse" intro="panel.refuse.intro" send="panel.refuse.send" mayBeEmpty danger
          onSend={(text) => desk.decide(text === '' ? { refuse: true } : { refuse: true, text })} />
      );
    case 'opinion':
      return <Write field="opinion" title="panel.opinion" intro="panel.opinion.intro" send="panel.opinion.send" onSend={desk.askOpinion} />;
    case 'answer':
      return <Write field="answer" title="panel.answer" send="panel.answer.send" onSend={desk.answer} />;
    case 'hand_on':
      return (
        <Write field="note" title="panel.hand_on" send="panel.hand_on.send" mayBeEmpty onSend={desk.handOn}>
          <Segments
            label={say('panel.hand_on.to')} value={typed.to} onValue={(to) => desk.type({ to })}
            options={[{ value: 'anybody', text: say('panel.hand_on.anybody') }, { value: 'lead', text: say('panel.hand_on.lead') }]}
          />
        </Write>
      );
    default:
      return null;
  }
}

export const isWriting = (panel: string | null): boolean => panel !== null && panel !== 'open' && panel !== 'lesson';

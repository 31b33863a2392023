// A chip that can be changed: its choices below it, by arrows, digits or the mouse.
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { digitOf } from './keys';
import { measured } from './marks';
import { useScene } from './scene';

export interface Choice {
  value: string;
  text: string;
}

interface ListProps {
  label: string;
  choices: readonly Choice[];
  value: string;
  onChoose: (value: string) => Promise<unknown> | void;
  onClose: () => void;
  children?: ComponentChildren;
}

function List({ label, choices, value, onChoose, onClose, children }: ListProps) {
  const id = useId();
  const here = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const [at, setAt] = useState(Math.max(0, choices.findIndex((each) => each.value === value)));
  useLayoutEffect(() => list.current?.focus(), []);
  useEffect(() => document.getElementById(`${id}-${at}`)?.scrollIntoView({ block: 'nearest' }), [at]);
  const choose = (index: number, time: number) => {
    const choice = choices[index];
    if (!choice) return;
    onClose();
    void measured('choose', time, onChoose(choice.value) ?? undefined);
  };
  const onKey = (event: KeyboardEvent) => {
    const moves: Record<string, number> = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: choices.length - 1 };
    const to = moves[event.key];
    const digit = digitOf(event);
    if (event.key === 'Tab') return onClose();
    event.stopPropagation();
    if (to !== undefined) setAt((to + choices.length) % choices.length);
    else if (digit !== null) choose(digit - 1, event.timeStamp);
    else if (event.key === 'Enter' || event.key === ' ') choose(at, event.timeStamp);
    else if (event.key === 'Escape') onClose();
    else return;
    event.preventDefault();
  };
  const leave = (event: FocusEvent) => {
    if (!(event.relatedTarget instanceof Node) || !here.current?.contains(event.relatedTarget)) onClose();
  };
  return (
    <div class="choices" ref={here} onFocusOut={leave}>
      <ul ref={list} role="listbox" tabIndex={0} aria-label={label} aria-activedescendant={`${id}-${at}`} onKeyDown={onKey}>
        {choices.map((choice, i) => (
          <li key={choice.value} id={`${id}-${i}`} role="option" aria-selected={i === at} class={choice.value === value ? 'current' : undefined}
            onMouseEnter={() => setAt(i)} onPointerDown={(event) => event.preventDefault()} onClick={(event) => choose(i, event.timeStamp)}>
            {i < 9 ? <kbd>{i + 1}</kbd> : <span class="no-key" />}
            {choice.text}
          </li>
        ))}
      </ul>
      {children}
    </div>
  );
}

interface ChipProps {
  name: string;
  label: string;
  text: ComponentChildren;
  value: string;
  choices: readonly Choice[];
  /** The letter that opens it */
  keys?: string;
  /** What was read, if it was changed */
  was?: string | undefined;
  open: boolean;
  onOpen: (open: boolean) => void;
  onChoose: (value: string) => Promise<unknown> | void;
  children?: ComponentChildren;
  class?: string;
}

export function Chip({ name, label, text, value, choices, keys, was, open, onOpen, onChoose, children, class: more = '' }: ChipProps) {
  const { say } = useScene();
  const button = useRef<HTMLButtonElement>(null);
  const opened = useRef(false);
  useEffect(() => {
    if (!open && opened.current && [null, document.body].includes(document.activeElement as HTMLElement | null)) button.current?.focus();
    opened.current = open;
  }, [open]);
  return (
    <span class={`pick ${more}`}>
      <button
        type="button" ref={button} class={`chip${was === undefined ? '' : ' changed'}`} data-chip={name}
        aria-haspopup="listbox" aria-expanded={open} aria-keyshortcuts={keys} title={was === undefined ? undefined : say('read.was', { what: was })}
        onPointerDown={(event) => open && event.preventDefault()} onClick={() => onOpen(!open)}
      >
        <span class="hidden">{label} </span>
        {text}
        {was !== undefined && <span class="hidden"> ({say('read.was', { what: was })})</span>}
        {keys && <kbd aria-hidden="true">{keys}</kbd>}
      </button>
      {open && <List label={label} choices={choices} value={value} onChoose={onChoose} onClose={() => onOpen(false)}>{children}</List>}
    </span>
  );
}

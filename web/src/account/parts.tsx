// Parts that several pages have.
import type { ComponentChildren, JSX, Ref } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type { PageName } from './route';
import { pathOf } from './route';
import type { Loaded } from './scene';
import { useScene } from './scene';
import { dayOf, momentOf } from './when';

/** A link to another page of the account, without loading anything anew. */
export function To({ page, id, children, ...rest }: { page: PageName; id?: string; children: ComponentChildren } & JSX.HTMLAttributes<HTMLAnchorElement>) {
  const { go } = useScene();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(page, id);
  };
  return (
    <a {...rest} href={pathOf(page, id)} onClick={follow}>
      {children}
    </a>
  );
}

export function When({ at, day }: { at: string; day?: boolean }) {
  const { language } = useScene();
  return <time dateTime={at}>{day ? dayOf(at, language) : momentOf(at, language)}</time>;
}

/** What went wrong, or went well; said aloud. */
export function Note({ error, children }: { error?: boolean; children: ComponentChildren }) {
  return (
    <p class={`note ${error ? 'bad' : 'good'}`} role={error ? 'alert' : 'status'}>
      {children}
    </p>
  );
}

interface FieldProps extends Omit<JSX.InputHTMLAttributes<HTMLInputElement>, 'value' | 'onInput'> {
  label: string;
  value: string;
  onValue: (value: string) => void;
  hint?: ComponentChildren;
  wrong?: string | null;
  inputRef?: Ref<HTMLInputElement>;
}

export function Field({ label, value, onValue, hint, wrong, inputRef, ...input }: FieldProps) {
  const id = useId();
  const about = [hint ? `${id}-hint` : '', wrong ? `${id}-wrong` : ''].filter((part) => part !== '').join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        id={id}
        ref={inputRef ?? null}
        value={value}
        aria-invalid={wrong ? true : undefined}
        aria-describedby={about || undefined}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      {hint && <div class="hint" id={`${id}-hint`}>{hint}</div>}
      {wrong && <p class="wrong" id={`${id}-wrong`}>{wrong}</p>}
    </div>
  );
}

/** A one-time code, or a recovery code in its place. */
export function CodeField({ recovery, ...field }: { recovery: boolean } & Pick<FieldProps, 'value' | 'onValue' | 'hint' | 'inputRef'>) {
  const { say } = useScene();
  return (
    <Field
      {...field}
      label={say(recovery ? 'signin.recovery' : 'signin.code')}
      inputMode={recovery ? 'text' : 'numeric'}
      autoComplete={recovery ? 'off' : 'one-time-code'}
      spellcheck={false}
      required
      maxLength={recovery ? 40 : 9}
    />
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  options: readonly { value: string; text: string }[];
  onValue: (value: string) => void;
  hidden?: boolean;
}

export function Choice({ label, value, options, onValue, hidden }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label for={id} class={hidden ? 'hidden' : undefined}>{label}</label>
      <select id={id} value={value} onChange={(event) => onValue(event.currentTarget.value)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>{option.text}</option>
        ))}
      </select>
    </div>
  );
}

/** The title of a page: where the focus goes when the page opens. */
export function Title({ children, intro }: { children: string; intro?: ComponentChildren }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${children} · Rendez`;
    if (document.activeElement === document.body || document.activeElement === null) heading.current?.focus();
  }, [children]);
  return (
    <header class="page-head">
      <h1 ref={heading} tabIndex={-1}>{children}</h1>
      {intro && <p>{intro}</p>}
    </header>
  );
}

/** Asks again before it does what cannot be undone. */
export function Sure({ text, question, onSure, busy }: { text: string; question: string; onSure: () => void; busy: boolean }) {
  const { say } = useScene();
  const [asked, setAsked] = useState(false);
  const yes = useRef<HTMLButtonElement>(null);
  const first = useRef<HTMLButtonElement>(null);
  const was = useRef(false);
  useEffect(() => {
    if (asked) yes.current?.focus();
    else if (was.current && !busy && (document.activeElement === document.body || !document.activeElement)) first.current?.focus();
    was.current = asked || (was.current && busy);
  }, [asked, busy]);
  if (!asked)
    return (
      <button type="button" ref={first} class="plain" disabled={busy} onClick={() => setAsked(true)}>
        {text}
      </button>
    );
  return (
    <span class="sure" role="group" aria-label={question} onKeyDown={(event) => event.key === 'Escape' && setAsked(false)}>
      <span>{question}</span>
      <button
        type="button"
        ref={yes}
        class="danger"
        disabled={busy}
        onClick={() => {
          setAsked(false);
          onSure();
        }}
      >
        {text}
      </button>
      <button type="button" class="quiet" onClick={() => setAsked(false)}>{say('cancel')}</button>
    </span>
  );
}

/** A text to take along; shown once. */
export function Copy({ text }: { text: string }) {
  const { say } = useScene();
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      setCopied(false); // the text stands there to be marked
    }
  };
  return (
    <>
      <button type="button" class="plain" onClick={() => void copy()}>{say('copy')}</button>
      <span class="copied" role="status">{copied ? say('copied') : ''}</span>
    </>
  );
}

/** What was read for a page, or that it is coming, or why it is not. */
export function Shown<T>({ loaded, children }: { loaded: Loaded<T>; children: (data: T) => ComponentChildren }) {
  const { say } = useScene();
  if (loaded.error !== null && loaded.data === null)
    return (
      <div class="card">
        <Note error>{loaded.error}</Note>
        <button type="button" class="plain" onClick={() => void loaded.reload()}>{say('again')}</button>
      </div>
    );
  if (loaded.data === null) return <p class="coming" aria-busy="true">{say('loading')}</p>;
  return <>{children(loaded.data)}</>;
}

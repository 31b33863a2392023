// A lesson: a message with made-up names, what the machine read and what a person said. Shown before anything is kept.
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { span } from '../i18n/time';
import { pieces } from '../pages/sandbox/highlight';
import { sayOr, useScene } from './scene';
import type { Lesson, LessonReading } from './types';

const ZONE = 'Europe/Paris'; // that of the scenarios

function Read({ title, reading, other }: { title: string; reading: LessonReading; other: LessonReading }) {
  const { say, language } = useScene();
  const times = (list: LessonReading['windows']) => list.map((each) => `${span(each.start, each.end, ZONE, language)} (${say(`wish.${each.wish}`)})`).join('; ');
  const rows = [
    [say('read.intent'), sayOr(say, 'intent', reading.intent), sayOr(say, 'intent', other.intent)],
    [say('read.kind'), sayOr(say, 'kind', reading.kind, '–'), sayOr(say, 'kind', other.kind, '–')],
    [say('read.minutes'), String(reading.duration_min || '–'), String(other.duration_min || '–')],
    [say('offer.accepted'), reading.accepted.join(', ') || '–', other.accepted.join(', ') || '–'],
    [say('read.windows'), times(reading.windows) || '–', times(other.windows) || '–'],
  ] as const;
  return (
    <div class="lesson-read">
      <h3>{title}</h3>
      <dl>
        {rows.filter(([, mine, theirs]) => mine !== '–' || theirs !== '–').map(([name, mine, theirs]) => (
          <div key={name} class={mine === theirs ? undefined : 'differs'}><dt>{name}</dt><dd>{mine}</dd></div>
        ))}
      </dl>
    </div>
  );
}

/** Which words are strange, each once. */
const strangeOf = (lesson: Lesson): string[] => [...new Set(lesson.strange.map(({ word }) => word))];

/** What takes strange words out, or back in. */
export interface Taking {
  out: ReadonlySet<string>;
  toggle: (word: string) => void;
}
const NUMBERED = 9; // by the keys 1 to 9

function Strange({ word, text, number, taking }: { word: string; text: string; number: number; taking: Taking | undefined }) {
  const { say } = useScene();
  if (taking === undefined) return <mark class="strange">{text}</mark>;
  return (
    <button type="button" class="strange" aria-pressed={taking.out.has(word)} title={say('lesson.take_out')} onClick={() => taking.toggle(word)}>
      <span>{text}</span>{number <= NUMBERED && <kbd aria-hidden="true">{number}</kbd>}
    </button>
  );
}

export function LessonBody({ lesson, taking }: { lesson: Lesson; taking?: Taking }) {
  const { say } = useScene();
  const words = strangeOf(lesson);
  const marks = lesson.strange.map(({ at, len, word }) => ({ offset: at, length: len, word }));
  return (
    <>
      <p class="body lesson-text" lang={lesson.language}>
        {pieces(lesson.text, lesson.text, marks).map(({ text, mark }, i) =>
          mark ? <Strange key={i} word={mark.word} text={text} number={words.indexOf(mark.word) + 1} taking={taking} /> : text)}
      </p>
      <div class="lesson-both">
        <Read title={say('lesson.read')} reading={lesson.read} other={lesson.said} />
        <Read title={say('lesson.said')} reading={lesson.said} other={lesson.read} />
      </div>
    </>
  );
}

export function LessonDialog({ lesson }: { lesson: Lesson }) {
  const { say, desk } = useScene();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const keep = useRef<HTMLButtonElement>(null);
  const [out, setOut] = useState<ReadonlySet<string>>(new Set());
  const words = strangeOf(lesson);
  const toggle = (word: string) => setOut((before) => {
    const after = new Set(before);
    if (!after.delete(word)) after.add(word);
    return after;
  });
  const keepIt = () => void desk.lesson(true, words.filter((word) => out.has(word)));
  useLayoutEffect(() => {
    dialog.current?.showModal();
    keep.current?.focus();
  }, []);
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    const word = /^[1-9]$/.test(event.key) ? words[Number(event.key) - 1] : undefined;
    if (word !== undefined) toggle(word);
    if (event.key.toLowerCase() === 'k') keepIt();
  };
  return (
    <dialog ref={dialog} class="sheet lesson" aria-labelledby={id} aria-describedby={`${id}-intro`} onKeyDown={onKey} onCancel={(event) => {
      event.preventDefault();
      void desk.lesson(false);
    }}>
      <h2 id={id}>{say('lesson.title')}</h2>
      <p class="soft" id={`${id}-intro`}>{say('lesson.intro')}</p>
      <LessonBody lesson={lesson} taking={{ out, toggle }} />
      {words.length > 0 && <p class="soft">{say('lesson.strange')}</p>}
      <p class="note">{say('lesson.check')}</p>
      <p class="send">
        <button type="button" ref={keep} class="primary" onClick={keepIt}>{say('lesson.keep')} <kbd aria-hidden="true">K</kbd></button>
        <button type="button" class="plain" onClick={() => void desk.lesson(false)}>{say('lesson.drop')} <kbd aria-hidden="true">Esc</kbd></button>
      </p>
    </dialog>
  );
}

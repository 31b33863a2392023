// A lesson: a message with made-up names, what the machine read and what a person said. Shown before anything is kept.
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { span } from '../i18n/time';
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

export function LessonBody({ lesson }: { lesson: Lesson }) {
  const { say } = useScene();
  return (
    <>
      <p class="body lesson-text" lang={lesson.language}>{lesson.text}</p>
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
  useLayoutEffect(() => {
    dialog.current?.showModal();
    keep.current?.focus();
  }, []);
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key.toLowerCase() === 'k') void desk.lesson(true);
  };
  return (
    <dialog ref={dialog} class="sheet lesson" aria-labelledby={id} aria-describedby={`${id}-intro`} onKeyDown={onKey} onCancel={(event) => {
      event.preventDefault();
      void desk.lesson(false);
    }}>
      <h2 id={id}>{say('lesson.title')}</h2>
      <p class="soft" id={`${id}-intro`}>{say('lesson.intro')}</p>
      <LessonBody lesson={lesson} />
      <p class="note">{say('lesson.check')}</p>
      <p class="send">
        <button type="button" ref={keep} class="primary" onClick={() => void desk.lesson(true)}>{say('lesson.keep')} <kbd aria-hidden="true">K</kbd></button>
        <button type="button" class="plain" onClick={() => void desk.lesson(false)}>{say('lesson.drop')} <kbd aria-hidden="true">Esc</kbd></button>
      </p>
    </dialog>
  );
}

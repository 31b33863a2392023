// The conversation: who wrote what, shortened, with the words that led to the reading.
import { useEffect, useRef } from 'preact/hooks';
import { clock, dayShort } from '../i18n/time';
import { OpenPart } from './opening';
import { sayCount, useCase, useScene } from './scene';
import { Marked, Masked, Who, marksOf } from './text';
import type { Words } from './types';

function Message({ words, full, doubted }: { words: Words; full: string | undefined; doubted: boolean }) {
  const { say, language } = useScene();
  const { shown, zone } = useCase();
  const marks = doubted ? marksOf(shown.task, shown.reading, zone, say, language) : [];
  const ours = words.from === 'us';
  return (
    <article class={`words${ours ? ' ours' : ''}${doubted ? ' doubted' : ''}`} lang={words.language}>
      <header lang={language}>
        {ours ? <strong>{say('talk.us')}</strong> : <Who id={words.from} />}
        {doubted && <span class="badge doubt">{say('talk.doubted')}</span>}
        {words.quoted && <span class="soft">{say('talk.quoted')}</span>}
        <time dateTime={words.at}>{dayShort(words.at, zone, language)}, {clock(words.at, zone, language)}</time>
      </header>
      {words.text === '' && <p class="soft" lang={language}>{say('talk.empty')}</p>}
      <p class="body">{full !== undefined ? full : <Marked text={words.text} marks={marks} />}</p>
      {words.attachments > 0 && <p class="soft">{sayCount(say, 'talk.attachments', words.attachments)}</p>}
    </article>
  );
}

export function Talk() {
  const { say, state } = useScene();
  const { shown } = useCase();
  const list = useRef<HTMLDivElement>(null);
  const full = state.opened.words?.data.thread;
  useEffect(() => { // the last message is the one that is in doubt
    const last = list.current?.lastElementChild;
    if (list.current && last instanceof HTMLElement) list.current.scrollTop = last.offsetTop - 12;
  }, [shown.task.id]);
  return (
    <section class="panel talk" aria-labelledby="talk">
      <header class="panel-head">
        <h2 id="talk">{say('talk')}</h2>
        <OpenPart part="words" />
      </header>
      <p class="subject"><span class="soft">{say('talk.subject')}</span> {state.opened.words?.data.subject ?? <Masked text={shown.meeting.subject} />}</p>
      <div class="scroll" ref={list} tabIndex={0} role="group" aria-labelledby="talk">
        {shown.thread.map((words, i) => (
          <Message key={i} words={words} full={full?.[i]?.text} doubted={i === shown.thread.length - 1} />
        ))}
      </div>
    </section>
  );
}

// For a lead: corrections that became lessons, to be accepted as tests of the machine or dropped; and words it does not know.
import { useState } from 'preact/hooks';
import { postConsole } from '../api/client';
import { locale } from '../i18n/time';
import { LessonBody } from './lesson';
import { LeadPage, useLoaded } from './loaded';
import { sayOr, useScene } from './scene';
import type { Lesson, LessonWord, Lessons } from './types';

/** The first line that says more than a greeting. */
const gistOf = (text: string): string => {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  return lines.find((line) => line.length > 24) ?? lines[0] ?? '';
};

function LessonCard({ lesson, reload }: { lesson: Lesson; reload: () => Promise<void> }) {
  const { say, language } = useScene();
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const decide = async (accept: boolean) => {
    setBusy(true);
    setFailed(false);
    await postConsole(`/lessons/${encodeURIComponent(lesson.id)}`, { accept }).then(reload, () => setFailed(true));
    setBusy(false);
  };
  const made = new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'long' }).format(new Date(lesson.made));
  return (
    <li class="panel lesson-card">
      <details>
        <summary>
          <span class={`badge lesson-${lesson.state}`}>{say(`lessons.state.${lesson.state}`)}</span>{' '}
          {sayOr(say, 'why', lesson.reason, say('why.other'))}, {say(`tongue.${lesson.language}`)} <span class="soft">{made}</span>
          <span class="first-words">{gistOf(lesson.text)}</span>
        </summary>
        <h2 class="hidden">{say('lesson.title')}</h2>
        <LessonBody lesson={lesson} />
        {lesson.state === 'kept' && (
          <p class="send">
            <button type="button" class="primary" disabled={busy} onClick={() => void decide(true)}>{say('lessons.accept')}</button>
            <button type="button" class="plain" disabled={busy} onClick={() => void decide(false)}>{say('lessons.drop')}</button>
          </p>
        )}
        {failed && <p class="note bad" role="alert">{say('notice.other')}</p>}
      </details>
    </li>
  );
}

function WordList({ words }: { words: readonly LessonWord[] }) {
  const { say } = useScene();
  return (
    <section class="panel" aria-labelledby="words">
      <h2 id="words">{say('lessons.words')}</h2>
      <ul class="chips">
        {words.map((each) => (
          <li class="chip" key={each.language + each.word} lang={each.language}>{each.word} <small>{say('lessons.words.count', { count: each.lessons })}</small></li>
        ))}
      </ul>
    </section>
  );
}

export function LessonsPage() {
  const { say } = useScene();
  const loaded = useLoaded<Lessons>('/lessons');
  return (
    <LeadPage name={say('page.lessons')} intro={say('lessons.intro')} loaded={loaded}>
      {({ lessons, words }) => (
        <>
          {lessons.length === 0 && <p class="soft">{say('lessons.none')}</p>}
          <ul class="lesson-list">{lessons.map((lesson) => <LessonCard key={lesson.id} lesson={lesson} reload={loaded.reload} />)}</ul>
          {words.length > 0 && <WordList words={words} />}
        </>
      )}
    </LeadPage>
  );
}

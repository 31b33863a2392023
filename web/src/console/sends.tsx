// Why a person decides, and what would be sent: as it is read, or as it was corrected.
import { useRef } from 'preact/hooks';
import { sayDecision } from './said';
import { OpenPart } from './opening';
import { colon, labelOf, sayCount, sayOr, useCase, useScene } from './scene';
import { Masked, Who, tokensOf } from './text';
import type { Draft } from './types';

function Words() {
  const { say, language } = useScene();
  const { shown } = useCase();
  const means = [...new Set(shown.task.reason_words.map((word) => sayOr(say, 'means', word.means)))];
  if (means.length === 0) return null;
  return <p class="soft">{say('reason.words')}{colon(language)}{means.join(', ')}</p>;
}

function Quote({ title, children }: { title: string; children: string }) {
  return (
    <div class="quote">
      <h3>{title}</h3>
      <p class="body"><Masked text={children} /></p>
    </div>
  );
}

export function Reason() {
  const { say, state, language } = useScene();
  const { shown, zone } = useCase();
  const { reason, question, opinion, note, proposed } = shown.task;
  const doubt = shown.reading?.doubt ?? '';
  return (
    <section class="panel reason" aria-labelledby="reason">
      <h2 id="reason">{say('reason')}</h2>
      <div class="scroll" tabIndex={0} role="group" aria-labelledby="reason">
        <p class="why">{sayOr(say, 'reason', reason, say('reason.other'))}</p>
        {doubt !== '' && <p class="why">{sayOr(say, 'doubt', doubt, say('doubt.other'))}</p>}
        <Words />
        {note && <Quote title={say('note.title')}>{note}</Quote>}
        {question && <Quote title={say('question.title')}>{question}</Quote>}
        {opinion && <Quote title={say('opinion.title')}>{opinion}</Quote>}
        {proposed && <Quote title={say('proposed.title')}>{sayDecision(proposed, { say, language, zone, label: (id) => labelOf(state, id) })}</Quote>}
      </div>
    </section>
  );
}

/** Lines of the new text that were not in the old one. */
export function newLines(now: string, before: string): boolean[] {
  const old = new Set(before.split('\n').map((line) => line.trim()));
  return now.split('\n').map((line) => line.trim() !== '' && !old.has(line.trim()));
}

function DraftText({ text, before }: { text: string; before: string | null }) {
  const { say } = useScene();
  const fresh = before === null ? [] : newLines(text, before);
  return (
    <p class="body">
      {text.split('\n').map((line, i) => (
        <span key={i} class="line">
          {fresh[i] ? <ins title={say('draft.new')}><Masked text={line} /></ins> : <Masked text={line} />}
          {'\n'}
        </span>
      ))}
    </p>
  );
}

function To({ draft }: { draft: Draft }) {
  const { say } = useScene();
  return (
    <p class="to">
      <span class="soft">{say('draft.to')}</span>{' '}
      {draft.to.map((id, i) => <span key={id}>{i > 0 && ', '}{/^P\d+$/.test(id) ? <Who id={id} /> : <Masked text={id} />}</span>)}
    </p>
  );
}

function Letter({ draft, before }: { draft: Draft; before: Draft | null }) {
  return (
    <div class="letter">
      <To draft={draft} />
      <p class="letter-subject"><Masked text={draft.subject} /></p>
      <DraftText text={draft.text} before={before?.text ?? null} />
    </div>
  );
}

/** How long a text is without what stands for names: nobody's guess at them. */
export const isSaid = (text: string): boolean => tokensOf(text).some((token) => token.id === null && token.text.trim() !== '');

export function Sends() {
  const { say, state } = useScene();
  const { shown } = useCase();
  const box = useRef<HTMLDivElement>(null);
  const { preview, previewing, opened, notice } = state;
  const now = preview ?? shown;
  const full = preview ? undefined : opened.draft?.data;
  const draft = full ?? now.draft;
  const also = (full ?? now).also ?? [];
  const invalid = notice === 'invalid' && !preview && !previewing;
  return (
    <section class="panel sends" aria-labelledby="sends">
      <header class="panel-head">
        <h2 id="sends">{say(preview ? 'draft.corrected' : 'draft')}</h2>
        {!preview && now.draft && <OpenPart part="draft" />}
      </header>
      <p class="hidden" role="status">{previewing ? say('draft.renewing') : preview ? say('draft.renewed') : ''}</p>
      <div class={`scroll${previewing ? ' renewing' : ''}`} ref={box} tabIndex={0} role="group" aria-labelledby="sends" data-preview={preview ? 'yes' : 'no'}>
        {invalid && <p class="note bad">{say('draft.invalid')}</p>}
        {shown.reading === null && <p class="soft">{say('draft.blind')}</p>}
        {shown.reading !== null && !draft && <p class="soft">{say(now.does === 'acts' && !shown.task.proposed ? 'draft.acts' : 'draft.none')}</p>}
        {draft && <Letter draft={draft} before={preview ? shown.draft : null} />}
        {also.length > 0 && (
          <details>
            <summary>{sayCount(say, 'draft.also', also.length)}</summary>
            {also.map((each, i) => <Letter key={i} draft={each} before={null} />)}
          </details>
        )}
      </div>
    </section>
  );
}

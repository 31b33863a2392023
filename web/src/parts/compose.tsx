import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, postMessage } from '../api/client';
import { exampleDraft, exampleNames, firstName } from '../pages/sandbox/examples';
import type { Draft } from '../pages/sandbox/mail';
import { Avatar } from './avatar';
import { nameOf, personOf, toneOf, useScene } from './context';
import { Recipients } from './recipients';

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  onSent: (id: string) => void;
  onCancel: () => void;
}

function Examples({ onInsert }: { onInsert: (draft: Draft) => void }) {
  const { view, who, say } = useScene();
  const writer = personOf(view, who);
  if (!writer) return null;
  return (
    <div class="examples" role="group" aria-label={say('compose.examples')}>
      <span>{say('compose.examples')}</span>
      {exampleNames.map((name) => {
        const words = { subject: say(`example.${name}.subject`), text: say(`example.${name}.text`) };
        const draft = exampleDraft(view, writer, name, words);
        if (!draft) return null;
        const guest = firstName(nameOf(view, draft.to[0] ?? ''));
        return (
          <button type="button" class="example" key={name} onClick={() => onInsert(draft)}>
            {say(`example.${name}.name`, { guest })}
          </button>
        );
      })}
    </div>
  );
}

export function Compose({ draft, onChange, onSent, onCancel }: Props) {
  const { view, who, say } = useScene();
  const [problem, setProblem] = useState('');
  const [sending, setSending] = useState(false);
  const text = useRef<HTMLTextAreaElement>(null);
  const title = useRef<HTMLHeadingElement>(null);
  const isReply = draft.inReplyTo !== '';
  const name = nameOf(view, who);
  const all = [...draft.to, ...draft.cc];
  const assistant = view.assistant;

  useEffect(() => (isReply ? text.current : title.current)?.focus(), [draft.inReplyTo]);

  const set = (part: Partial<Draft>) => {
    setProblem('');
    onChange({ ...draft, ...part });
  };
  const send = async () => {
    if (draft.to.length === 0) return setProblem(say('compose.missing.to'));
    if (draft.text.trim() === '') return setProblem(say('compose.missing.text'));
    setSending(true);
    try {
      const { to, cc, subject, inReplyTo } = draft;
      const sent = await postMessage({ from: who, to, cc, subject, text: draft.text, in_reply_to: inReplyTo });
      onSent(sent.id);
    } catch (error) {
      const unreachable = !(error instanceof ApiError) || error.status === 0;
      const reason = unreachable ? say('compose.unreachable') : error.message;
      setProblem(say('compose.error', { reason }));
      setSending(false);
    }
  };

  return (
    <form
      class="compose"
      aria-label={say(isReply ? 'compose.reply' : 'compose.title', { person: name })}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
        if (event.key === 'Escape') onCancel();
      }}
    >
      <header>
        <Avatar name={name} tone={toneOf(view, who)} />
        <h3 tabIndex={-1} ref={title}>
          {say(isReply ? 'compose.reply' : 'compose.title', { person: name })}
        </h3>
      </header>
      {!isReply && <Examples onInsert={(example) => set(example)} />}
      <Recipients id="to" label={say('compose.to')} addresses={draft.to} onChange={(to) => set({ to })} />
      <Recipients id="cc" label={say('compose.cc')} addresses={draft.cc} onChange={(cc) => set({ cc })} />
      <div class="field">
        <label for="subject">{say('compose.subject')}</label>
        <input
          id="subject"
          type="text"
          maxLength={300}
          autocomplete="off"
          value={draft.subject}
          onInput={(event) => set({ subject: event.currentTarget.value })}
        />
      </div>
      <div class="field field-text">
        <label for="text" class="hidden">
          {say('compose.text')}
        </label>
        <textarea
          id="text"
          ref={text}
          maxLength={20000}
          placeholder={say('compose.placeholder')}
          value={draft.text}
          onInput={(event) => set({ text: event.currentTarget.value })}
        />
      </div>
      {all.length > 0 && !all.includes(assistant.address) && (
        <p class="read-note">{say('compose.hint.assistant', { assistant: assistant.name })}</p>
      )}
      <p class="problem" role="alert">
        {problem}
      </p>
      <footer>
        <button type="submit" class="primary" disabled={sending}>
          {say(sending ? 'compose.sending' : 'compose.send')}
        </button>
        <button type="button" class="quiet" onClick={onCancel}>
          {say('compose.cancel')}
        </button>
      </footer>
    </form>
  );
}

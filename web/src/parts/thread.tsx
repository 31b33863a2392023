import { useEffect, useRef } from 'preact/hooks';
import type { Message } from '../api/types';
import { sayReason } from '../i18n';
import type { Thread } from '../pages/sandbox/mail';
import { isSent } from '../pages/sandbox/mail';
import { StatusBadge } from './badge';
import { isAssistant, nameOf, useScene } from './context';
import { MessageCard } from './message';

interface Props {
  thread: Thread;
  onBack: () => void;
  onReply: (message: Message, all: boolean) => void;
}

/** Who takes part and what they said, under the subject. */
function Participants({ thread }: { thread: Thread }) {
  const { view, say } = useScene();
  if (!thread.meeting) return null;
  return (
    <ul class="participants">
      {thread.meeting.participants.map((p) => (
        <li key={p.address} class={`participant is-${p.status}`}>
          {(p.name || nameOf(view, p.address)).split(' ')[0]}
          {p.role !== 'organiser' && <small>{say(`participant.${p.status}`)}</small>}
        </li>
      ))}
    </ul>
  );
}

export function ThreadPane({ thread, onBack, onReply }: Props) {
  const { view, who, say } = useScene();
  const newest = useRef<HTMLDivElement>(null);
  const last = thread.messages.at(-1);
  const count = thread.messages.length;
  // Opened: at the newest mail. Later mail does not move what is being read, but one's own does.
  const written = thread.messages.filter((m) => isSent(m, who)).length;
  useEffect(() => {
    if (count > 1) newest.current?.scrollIntoView({ block: 'start' });
  }, [thread.messages[0]?.id, written]);
  const answered = [...thread.messages].reverse().find((m) => !isSent(m, who)) ?? last;
  return (
    <div class="thread">
      <header class="thread-head">
        <button type="button" class="back" onClick={onBack}>
          <span aria-hidden="true">‹</span> {say('mail.back')}
        </button>
        <h3>
          {thread.subject || say('mail.no_subject')}
          {thread.meeting && <StatusBadge status={thread.meeting.status} say={say} />}
        </h3>
        <Participants thread={thread} />
        {thread.meeting && thread.meeting.supervision !== null && (
          <p class="read-doubt">{say('read.supervision', { reason: sayReason(say, thread.meeting.supervision) })}</p>
        )}
      </header>
      {thread.messages.map((message) => (
        <div key={message.id} ref={message === last ? newest : null}>
          <MessageCard message={message} />
        </div>
      ))}
      {answered && !isAssistant(view, who) && (
        <div class="thread-actions">
          <button type="button" onClick={() => onReply(answered, false)}>
            {say('mail.reply')}
          </button>
          {answered.to.length + answered.cc.length > 1 && (
            <button type="button" onClick={() => onReply(answered, true)}>
              {say('mail.reply_all')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}

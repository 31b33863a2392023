import { clock, dayShort } from '../i18n/time';
import type { Thread } from '../pages/sandbox/mail';
import { isReceived, isSent } from '../pages/sandbox/mail';
import { Avatar } from './avatar';
import { StatusBadge } from './badge';
import { nameOf, toneOf, useScene } from './context';

interface Props {
  threads: Thread[];
  open: string | null;
  seen: ReadonlySet<string>;
  onOpen: (key: string) => void;
}

/** The others of a thread, by name, newest first. */
function correspondents(thread: Thread, who: string): string[] {
  const addresses = [...thread.messages]
    .reverse()
    .flatMap((m) => [m.from, ...m.to, ...m.cc])
    .map((box) => box.address)
    .filter((address) => address !== who);
  return [...new Set(addresses)];
}

export function Threads({ threads, open, seen, onOpen }: Props) {
  const { view, who, zone, language, say } = useScene();
  const today = dayShort(view.now, zone, language);
  return (
    <ul class="threads" aria-label={say('mail.threads')}>
      {threads.map((thread) => {
        const last = thread.messages.at(-1);
        if (!last) return null;
        const others = correspondents(thread, who);
        const unread = thread.messages.some(
          (m) => isReceived(m, who) && !isSent(m, who) && !seen.has(`${who} ${m.id}`),
        );
        const day = dayShort(last.at, zone, language);
        return (
          <li key={thread.key}>
            <button
              type="button"
              class={`thread-row${unread ? ' unread' : ''}`}
              aria-current={open === thread.key ? 'true' : undefined}
              onClick={() => onOpen(thread.key)}
            >
              <Avatar name={nameOf(view, others[0] ?? who)} tone={toneOf(view, others[0] ?? who)} small />
              <span class="thread-who">{others.map((a) => nameOf(view, a).split(' ')[0]).join(', ')}</span>
              <span class="thread-at">{day === today ? clock(last.at, zone, language) : day}</span>
              <span class="thread-subject">
                {unread && <span class="hidden">{say('mail.unread')} </span>}
                {thread.subject || say('mail.no_subject')}
              </span>
              <span class="thread-start">{last.text.replace(/\s+/g, ' ').slice(0, 90)}</span>
              {thread.meeting && (
                <span class="thread-status">
                  <StatusBadge status={thread.meeting.status} say={say} />
                </span>
              )}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

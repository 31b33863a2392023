import { useEffect, useRef } from 'preact/hooks';
import type { Person } from '../api/types';
import { cityOf } from '../i18n/time';
import { firstName } from '../pages/sandbox/examples';
import { unreadCount } from '../pages/sandbox/mail';
import { Avatar } from './avatar';
import { isAssistant, toneOf, useScene } from './context';

interface Props {
  seen: ReadonlySet<string>;
  onPick: (address: string) => void;
}

function Entry({ address, name, note, seen, onPick }: Props & { address: string; name: string; note: string }) {
  const { view, who, say } = useScene();
  const current = who === address;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) button.current?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  const unread = isAssistant(view, address) ? 0 : unreadCount(view, address, seen);
  return (
    <li>
      <button type="button" class="person" aria-current={current ? 'true' : undefined} ref={button} onClick={() => onPick(address)}>
        <Avatar name={name} tone={toneOf(view, address)} />
        <span class="person-name">
          {firstName(name)}
          <span class="last-name">{name.slice(firstName(name).length)}</span>
          {note !== '' && <span class="person-note">{note}</span>}
        </span>
        {unread > 0 && (
          <span class="count" key={unread}>
            {unread}
            <span class="hidden">{say('people.unread', { count: unread })}</span>
          </span>
        )}
      </button>
    </li>
  );
}

export function People(props: Props) {
  const { view, language, say } = useScene();
  const home = view.people.find((p) => p.kind === 'colleague')?.time_zone;
  const note = (p: Person) =>
    p.time_zone === home ? '' : say('people.elsewhere', { city: cityOf(p.time_zone, language) });
  const entries = (kind: Person['kind']) =>
    view.people
      .filter((p) => p.kind === kind)
      .map((p) => <Entry key={p.address} {...props} address={p.address} name={p.name} note={note(p)} />);
  return (
    <nav class="people" aria-label={say('people.title')}>
      <div class="people-group">
        <h2>{view.organisation}</h2>
        <ul>{entries('colleague')}</ul>
      </div>
      <div class="people-group">
        <h2>{say('people.guests')}</h2>
        <ul>{entries('guest')}</ul>
      </div>
      <div class="people-group">
        <h2>{say('people.assistant')}</h2>
        <ul>
          <Entry {...props} address={view.assistant.address} name={view.assistant.name} note="" />
        </ul>
      </div>
    </nav>
  );
}

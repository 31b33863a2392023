import type { Mailbox, Message } from '../api/types';
import { clock, dayLong, dayShort, locale, span } from '../i18n/time';
import { isWaiting, linkPath } from '../pages/sandbox/mail';
import { Avatar } from './avatar';
import { nameOf, toneOf, useScene } from './context';
import { Body } from './said';
import { Understood } from './understood';

const firstName = (name: string) => name.split(' ')[0] ?? name;

function Recipients({ message }: { message: Message }) {
  const { view, who, say } = useScene();
  const names = (list: Mailbox[]) =>
    list.map((box) => (box.address === who ? say('mail.me') : firstName(nameOf(view, box.address)))).join(', ');
  return (
    <span class="message-to">
      {say('mail.to')} {names(message.to)}
      {message.cc.length > 0 && ` · ${say('mail.cc')} ${names(message.cc)}`}
    </span>
  );
}

function Offers({ message }: { message: Message }) {
  const { view, zone, language, say } = useScene();
  const reader = message.to[0]?.address ?? '';
  return (
    <section class="offers" aria-label={say('mail.offers')}>
      <ul>
        {message.offers.map((offer) => (
          <li key={offer.number}>
            <a class="offer" href={linkPath(offer.link)}>
              <span class="offer-number">{offer.number}</span>
              <span class="offer-day">
                {offer.recurrence ? offer.recurrence[language] : dayLong(offer.start, zone, language)}
              </span>
              <span class="offer-hours">
                {clock(offer.start, zone, language)} – {clock(offer.end, zone, language)}
              </span>
            </a>
          </li>
        ))}
      </ul>
      <p class="read-note">{say('mail.offers.help', { person: firstName(nameOf(view, reader)) })}</p>
    </section>
  );
}

function Invitation({ message }: { message: Message }) {
  const { zone, language, say } = useScene();
  const event = message.calendar;
  if (!event) return null;
  const cancelled = event.method === 'CANCEL';
  return (
    <section class={`invitation${cancelled ? ' cancelled' : ''}`} aria-label={say('mail.invitation')}>
      <span class="invitation-date" aria-hidden="true">
        <span>{new Intl.DateTimeFormat(locale(language), { month: 'short', timeZone: zone }).format(new Date(event.start))}</span>
        <strong>{new Intl.DateTimeFormat(locale(language), { day: 'numeric', timeZone: zone }).format(new Date(event.start))}</strong>
      </span>
      <span>
        <strong class="invitation-title">{event.summary}</strong>
        <span class="invitation-when">{span(event.start, event.end, zone, language)}</span>
        {event.recurrence && <span class="invitation-when">{event.recurrence[language]}</span>}
        {event.location !== '' && <span class="invitation-when">{event.location}</span>}
      </span>
      <span class="invitation-kind">{say(cancelled ? 'mail.cancelled' : 'mail.invitation')}</span>
    </section>
  );
}

export function MessageCard({ message }: { message: Message }) {
  const { view, zone, language, say } = useScene();
  const from = nameOf(view, message.from.address);
  const day = dayShort(message.at, zone, language);
  const today = dayShort(view.now, zone, language);
  return (
    <article class="message" aria-label={`${from}, ${dayLong(message.at, zone, language)}`}>
      <header>
        <Avatar name={from} tone={toneOf(view, message.from.address)} />
        <span class="message-who">
          <span class="message-from">
            <strong>{from}</strong>
            {message.purpose !== null && <span class="purpose">{say(`mail.purpose.${message.purpose}`)}</span>}
          </span>
          <Recipients message={message} />
        </span>
        <time class="message-at" dateTime={message.at}>
          {day === today ? '' : `${day}, `}
          {clock(message.at, zone, language)}
        </time>
      </header>
      <Body message={message} />
      {message.offers.length > 0 && <Offers message={message} />}
      <Invitation message={message} />
      {isWaiting(message, view.assistant.address) && (
        <p class="waiting" role="status">
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {say('mail.waiting', { assistant: view.assistant.name })}
        </p>
      )}
      {message.reading && <Understood message={message} reading={message.reading} />}
    </article>
  );
}

import type { ComponentChildren } from 'preact';
import type { Message, Reading, Span } from '../api/types';
import { type Key, sayReason } from '../i18n';
import { span } from '../i18n/time';
import { useScene } from './context';
import { Why } from './why';

function Row({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="read-row">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Spans({ spans, tone }: { spans: Span[]; tone: string }) {
  const { zone, language } = useScene();
  return (
    <ul class="chips">
      {spans.slice(0, 12).map(([start, end]) => (
        <li class={`chip ${tone}`} key={start + end}>
          {span(start, end, zone, language)}
        </li>
      ))}
      {spans.length > 12 && <li class="chip">+{spans.length - 12}</li>}
    </ul>
  );
}

function Confidence({ value }: { value: number }) {
  const { say } = useScene();
  const percent = Math.round(value / 10);
  return (
    <Row name={say('read.confidence')}>
      <span class="confidence">
        <meter min={0} max={100} low={60} optimum={100} value={percent} aria-label={say('read.confidence')} />
        {percent} %
      </span>
    </Row>
  );
}

function People({ reading }: { reading: Reading }) {
  const { say } = useScene();
  return (
    <ul class="chips">
      {reading.people.map((person, i) => (
        <li class="chip" key={i}>
          {person.name || person.address}
          {person.role !== 'attend' && <small> {say(`mention.${person.role}` as Key)}</small>}
        </li>
      ))}
    </ul>
  );
}

/** What Rendez made of one mail. */
export function Understood({ message, reading }: { message: Message; reading: Reading }) {
  const { say } = useScene();
  return (
    <section class="understood" aria-label={say('read.title')}>
      <header>
        <h4>{say('read.title')}</h4>
        {message.outcome !== null && <span class="read-outcome">{say(`read.outcome.${message.outcome}`)}</span>}
      </header>
      <dl>
        <Row name={say('read.intent')}>
          <strong>{say(`intent.${reading.intent}`)}</strong>
        </Row>
        {reading.kind !== '' && <Row name={say('read.kind')}>{say(`kind.${reading.kind}`)}</Row>}
        {reading.duration_minutes > 0 && (
          <Row name={say('read.duration')}>{say('read.duration.minutes', { count: reading.duration_minutes })}</Row>
        )}
        {reading.recurs !== '' && <Row name={say('read.recurs')}>{reading.recurs}</Row>}
        {reading.place !== '' && <Row name={say('read.place')}>{reading.place}</Row>}
        {reading.people.length > 0 && (
          <Row name={say('read.people')}>
            <People reading={reading} />
          </Row>
        )}
        {reading.accepted.length > 0 && (
          <Row name={say('read.accepted')}>
            {reading.accepted.map((number) => say('read.accepted.number', { number })).join(', ')}
          </Row>
        )}
        {reading.windows.length > 0 && (
          <Row name={say('read.windows')}>
            <Spans spans={reading.windows} tone="wished" />
          </Row>
        )}
        {reading.preferred.length > 0 && (
          <Row name={say('read.preferred')}>
            <Spans spans={reading.preferred} tone="preferred" />
          </Row>
        )}
        {reading.question !== '' && <Row name={say('read.question')}>{reading.question}</Row>}
        <Confidence value={reading.confidence} />
      </dl>
      {reading.doubt !== '' && (
        <p class="read-doubt">
          <strong>{say('read.doubt')}</strong> {say(`doubt.${reading.doubt}` as Key)}
        </p>
      )}
      {reading.supervision !== null && (
        <p class="read-doubt">{say('read.supervision', { reason: sayReason(say, reading.supervision) })}</p>
      )}
      {reading.times.length > 0 && <p class="read-note">{say('read.marked')}</p>}
      <Why reading={reading} />
    </section>
  );
}

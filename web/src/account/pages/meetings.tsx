import type { Meetings as MeetingsAnswer, OwnMeeting } from '../../api/types';
import { cityOf, span } from '../../i18n/time';
import { Shown, Title, To } from '../parts';
import { sayOr, useLoaded, useScene } from '../scene';
import { lengthOf } from '../when';

function whenOf(meeting: OwnMeeting, language: 'fr' | 'en'): string | null {
  if (meeting.recurrence) return meeting.recurrence[language];
  return meeting.start && meeting.end ? span(meeting.start, meeting.end, meeting.time_zone, language) : null;
}

function Status({ meeting }: { meeting: OwnMeeting }) {
  const { say } = useScene();
  return <span class={`badge status-${meeting.status}`}>{sayOr(say, 'status', meeting.status)}</span>;
}

function MeetingRow({ meeting }: { meeting: OwnMeeting }) {
  const { say, language } = useScene();
  const others = meeting.participants.filter((person) => person.role !== 'organiser').map((person) => person.name || person.address);
  const when = whenOf(meeting, language);
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-title"><To page="meetings" id={meeting.id}>{meeting.subject || say('meetings.no_subject')}</To></p>
        <p class="row-more">{[when ?? (meeting.offers.length > 0 ? say('meetings.offered', { count: meeting.offers.length }) : ''), others.join(', ')].filter((part) => part !== '').join(' · ')}</p>
      </div>
      <Status meeting={meeting} />
    </li>
  );
}

export function Meetings() {
  const { say } = useScene();
  const loaded = useLoaded<MeetingsAnswer>('/meetings');
  return (
    <>
      <Title intro={say('meetings.intro')}>{say('page.meetings')}</Title>
      <Shown loaded={loaded}>
        {({ meetings }) => (
          <section class="card">
            {meetings.length === 0 && <p class="intro">{say('meetings.none')}</p>}
            <ul class="rows">
              {meetings.map((meeting) => <MeetingRow key={meeting.id} meeting={meeting} />)}
            </ul>
          </section>
        )}
      </Shown>
    </>
  );
}

function Facts({ meeting }: { meeting: OwnMeeting }) {
  const { say, language } = useScene();
  const when = whenOf(meeting, language);
  const city = cityOf(meeting.time_zone, language);
  return (
    <dl class="facts">
      {when && <><dt>{say('meeting.when')}</dt><dd>{when} ({say('meeting.zone', { city })})</dd></>}
      {meeting.duration_minutes > 0 && <><dt>{say('meeting.length')}</dt><dd>{lengthOf(meeting.duration_minutes)}</dd></>}
      {meeting.place && <><dt>{say('meeting.place')}</dt><dd>{meeting.place}</dd></>}
      <dt>{say('meeting.people')}</dt>
      <dd>
        <ul>
          {meeting.participants.map((person) => (
            <li key={person.address}>
              {person.name || person.address} <span class="row-more">{sayOr(say, 'answer', person.role === 'organiser' ? 'organiser' : person.status)}</span>
            </li>
          ))}
        </ul>
      </dd>
      {meeting.offers.length > 0 && (
        <>
          <dt>{say('meeting.offers')}</dt>
          <dd><ol>{meeting.offers.map((offer) => <li key={offer.number}>{span(offer.start, offer.end, meeting.time_zone, language)}</li>)}</ol></dd>
        </>
      )}
    </dl>
  );
}

export function MeetingPage({ id }: { id: string }) {
  const { say } = useScene();
  const loaded = useLoaded<OwnMeeting>(`/meetings/${id}`);
  return (
    <>
      <Title>{loaded.data?.subject || say('meeting.title')}</Title>
      <p class="back"><To page="meetings">{say('meeting.back')}</To></p>
      <Shown loaded={loaded}>
        {(meeting) => (
          <section class="card">
            <p><Status meeting={meeting} /></p>
            <Facts meeting={meeting} />
            <p class="hint">{say('meeting.by_mail')}</p>
          </section>
        )}
      </Shown>
    </>
  );
}

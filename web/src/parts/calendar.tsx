import { useState } from 'preact/hooks';
import type { Event } from '../api/types';
import { cityOf, clock, locale } from '../i18n/time';
import type { Paint } from '../pages/sandbox/paint';
import type { Box, DayBoxes, Wall } from '../pages/sandbox/week';
import { dateOf, dayCount, hoursOf, mondayOf, onDay, wallOf, weekOf } from '../pages/sandbox/week';
import { isAssistant, nameOf, personOf, useScene } from './context';


interface Frame {
  from: number;
  minutes: number;
}

/** Position in a column, through the style object: the page has no inline style text. */
function place([from, to]: readonly [number, number], frame: Frame, column = 0, columns = 1) {
  return {
    top: `${(100 * (from - frame.from)) / frame.minutes}%`,
    height: `${(100 * (to - from)) / frame.minutes}%`,
    left: `${(100 * column) / columns}%`,
    width: `${100 / columns}%`,
  };
}

function EventBox({ box, frame }: { box: Box<Event>; frame: Frame }) {
  const { zone, language, say } = useScene();
  const { item } = box;
  const kind = item.meeting !== null ? 'meeting' : item.busy ? 'busy' : 'free';
  const minutes = box.to - box.from;
  const size = minutes < 35 ? ' tiny' : minutes < 50 ? ' short' : '';
  return (
    <li
      class={`event ${kind}${size}`}
      style={place([box.from, box.to], frame, box.column, box.columns)}
      title={`${clock(item.start, zone, language)} – ${clock(item.end, zone, language)} ${item.title}`}
    >
      <span class="event-box">
        <span class="event-title">{item.title || say('calendar.legend.busy')}</span>
        <span class="event-hours">
          {clock(item.start, zone, language)}–{clock(item.end, zone, language)}
          {kind === 'free' && ` · ${say('calendar.free')}`}
        </span>
      </span>
    </li>
  );
}

interface Painted {
  windows: [number, number][];
  offers: { number: number; part: [number, number] }[];
}

function paintOf(paint: Paint, day: number, zone: string): Painted {
  const part = (start: string, end: string) => onDay(wallOf(start, zone), wallOf(end, zone), day);
  return {
    windows: paint.windows.map(([s, e]) => part(s, e)).filter((p) => p !== null),
    offers: paint.offers
      .map((offer) => ({ number: offer.number, part: part(offer.start, offer.end) }))
      .filter((o): o is Painted['offers'][number] => o.part !== null),
  };
}

interface ColumnProps {
  day: DayBoxes;
  painted: Painted;
  frame: Frame;
  now: Wall;
}

function DayColumn({ day, painted, frame, now }: ColumnProps) {
  const { language, say } = useScene();
  const date = dateOf(day.day);
  const label = new Intl.DateTimeFormat(locale(language), { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
  const nowIn = day.day === now.day && now.minute >= frame.from && now.minute < frame.from + frame.minutes;
  const clip = ([from, to]: [number, number]): [number, number] => [
    Math.max(from, frame.from),
    Math.min(to, frame.from + frame.minutes),
  ];
  return (
    <section class={`day${day.day === now.day ? ' today' : ''}`} aria-label={label.format(date)}>
      <div class="day-head" aria-hidden="true">
        <span>{new Intl.DateTimeFormat(locale(language), { weekday: 'short', timeZone: 'UTC' }).format(date)}</span>
        <strong>{date.getUTCDate()}</strong>
      </div>
      <ul class="day-all">
        {day.allDay.map((event) => (
          <li class={`event-all ${event.busy ? 'busy' : 'free'}`} key={event.start + event.title} title={event.title}>
            <span class="hidden">{say('calendar.all_day')} </span>
            {event.title}
          </li>
        ))}
      </ul>
      <ul class="day-body">
        {painted.windows
          .map(clip)
          .filter(([from, to]) => from < to)
          .map((part) => (
            <li class="window" key={part[0]} style={place(part, frame)} aria-label={say('calendar.legend.wished')} />
          ))}
        {day.boxes.map((box) => (
          <EventBox key={box.item.start + box.item.title} box={box} frame={frame} />
        ))}
        {painted.offers.map((offer) => (
          <li class="slot" key={offer.number} style={place(offer.part, frame)}>
            <span class="slot-box">
              <span class="hidden">{say('calendar.legend.offered')} </span>
              {offer.number}
            </span>
          </li>
        ))}
        {nowIn && (
          <li class="now" aria-hidden="true" style={{ top: `${(100 * (now.minute - frame.from)) / frame.minutes}%` }} />
        )}
      </ul>
    </section>
  );
}

function Legend({ paint }: { paint: Paint }) {
  const { say } = useScene();
  return (
    <ul class="legend">
      <li class="key-busy">{say('calendar.legend.busy')}</li>
      {paint.windows.length > 0 && <li class="key-wished">{say('calendar.legend.wished')}</li>}
      {paint.offers.length > 0 && <li class="key-offered">{say('calendar.legend.offered')}</li>}
      <li class="key-settled">{say('calendar.legend.settled')}</li>
    </ul>
  );
}

interface Props {
  paint: Paint;
  /** An instant in the week to show, when it changes; null: this week */
  focus: string | null;
}

export function WeekCalendar({ paint, focus }: Props) {
  const { view, who, zone, language, say } = useScene();
  const now = wallOf(view.now, zone);
  const focused = mondayOf(focus === null ? now.day : wallOf(focus, zone).day);
  const [turned, setTurned] = useState({ focused, monday: focused });
  const monday = turned.focused === focused ? turned.monday : focused;
  const turn = (to: number) => setTurned({ focused, monday: to });

  const events = view.calendars.find((c) => c.address === who)?.events ?? [];
  const count = dayCount(events, monday, zone);
  const days = weekOf(events, monday, count, zone);
  const painted = days.map((day) => paintOf(paint, day.day, zone));
  const [first, last] = hoursOf(days, painted.flatMap((p) => p.offers.map((o) => o.part)));
  const frame = { from: first * 60, minutes: (last - first) * 60 };
  const range = new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
  const name = nameOf(view, who);
  const guest = personOf(view, who)?.kind === 'guest';

  return (
    <section class="calendar" aria-labelledby="calendar-title">
      <header>
        <div>
          <h2 id="calendar-title">{say('calendar.title', { person: name.split(' ')[0] ?? name })}</h2>
          <p class="calendar-range">
            {range.formatRange(dateOf(monday), dateOf(monday + count - 1))} ·{' '}
            {say('calendar.zone', { city: cityOf(zone, language) })}
          </p>
        </div>
        <div class="calendar-turn">
          <button type="button" class="quiet" aria-label={say('calendar.previous')} onClick={() => turn(monday - 7)}>
            ‹
          </button>
          <button type="button" class="quiet" onClick={() => turn(mondayOf(now.day))}>
            {say('calendar.today')}
          </button>
          <button type="button" class="quiet" aria-label={say('calendar.next')} onClick={() => turn(monday + 7)}>
            ›
          </button>
        </div>
      </header>
      {isAssistant(view, who) ? (
        <p class="calendar-note">{say('calendar.none', { assistant: name })}</p>
      ) : (
        <>
          <div class="week" data-days={count} style={{ '--hours': last - first }} key={`${who} ${monday}`}>
            <div class="hours" aria-hidden="true">
              {Array.from({ length: last - first }, (_, i) => (
                <span key={i}>{i === 0 ? '' : `${first + i}:00`}</span>
              ))}
            </div>
            {days.map((day, i) => (
              <DayColumn
                key={day.day}
                day={day}
                painted={painted[i] ?? { windows: [], offers: [] }}
                frame={frame}
                now={now}
              />
            ))}
          </div>
          <Legend paint={paint} />
          {guest && <p class="calendar-note">{say('calendar.guest')}</p>}
        </>
      )}
    </section>
  );
}

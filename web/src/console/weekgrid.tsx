// The windows painted on a week, over what is known of everybody's busy time. A grid of cells, by the mouse or by keys.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { cityOf, formatOf } from '../i18n/time';
import { dateOf, mondayOf, wallOf } from '../pages/sandbox/week';
import { serverTime } from '../api/client';
import { mayCorrect } from './desk';
import type { ShownReading } from './edits';
import { digitOf } from './keys';
import { measured } from './marks';
import { labelOf, toneOf, useCase, useScene } from './scene';
import type { Case, Wish } from './types';
import type { Cell, Frame, Part, Rectangle } from './week';
import { CELL_MINUTES, busyIn, cellSpans, contains, frameOf, isPainted, moved, paint, partOn, rectangleOf, wishIn } from './week';

type Brush = Wish | 'none';
const brushes: readonly Brush[] = ['wanted', 'preferred', 'refused', 'none'];

interface CellFacts {
  cell: Cell;
  from: number;
  to: number;
  busy: string[];
}

/** What does not change while windows are painted. */
function cellsOf(shown: Case, monday: number, frame: Frame): CellFacts[][] {
  const { zone } = shown.meeting;
  const days = Array.from({ length: 7 }, (_, i) => cellSpans(monday + i, frame, zone));
  return (days[0] ?? []).map((_, row) => days.map((spans, i) => {
    const [from, to] = spans[row] ?? [0, 0];
    const cell = { day: monday + i, minute: frame.from + row * CELL_MINUTES };
    return { cell, from, to, busy: from < to ? busyIn(shown.busy, from, to) : [] };
  }));
}

const idOf = ({ day, minute }: Cell) => `cell-${day}-${minute}`;

function useFrame(shown: Case, read: ShownReading, monday: number): Frame {
  const { zone } = shown.meeting;
  const told = [...read.windows, ...shown.offers];
  const parts = Array.from({ length: 7 }, (_, i) => told.map(({ start, end }) => partOn(start, end, monday + i, zone, read.duration_min)))
    .flat().filter((part): part is Part => part !== null);
  const { from, to } = frameOf(parts);
  return useMemo(() => ({ from, to }), [from, to]);
}

function place(part: Part, frame: Frame) {
  const whole = frame.to - frame.from;
  const from = Math.max(part.from, frame.from);
  const to = Math.min(part.to, frame.to);
  return { top: `${(100 * (from - frame.from)) / whole}%`, height: `${(100 * Math.max(0, to - from)) / whole}%` };
}

/** What lies over the cells of a day: windows, offers, and a lane for each person's busy time. */
function DayLayer({ day, frame, read }: { day: number; frame: Frame; read: ShownReading }) {
  const { state } = useScene();
  const { shown, zone } = useCase();
  const coming = (state.preview?.offers ?? []).filter((each) => shown.offers.every(({ number, start }) => number !== each.number || start !== each.start));
  const seen = (part: Part | null): part is Part => part !== null && part.from < frame.to && part.to > frame.from;
  return (
    <div class="day-layer">
      {read.windows.map(({ start, end, wish }) => {
        const part = partOn(start, end, day, zone, read.duration_min || CELL_MINUTES);
        return seen(part) && <i key={start + wish} class={`win ${wish}${start === end ? ' exact' : ''}`} style={place(part, frame)} />;
      })}
      {shown.busy.map(({ who, spans }, lane) =>
        spans.map(({ start, end }) => {
          const part = partOn(start, end, day, zone);
          return seen(part) && <i key={who + start} class={`busy-lane lane-${lane} ${toneOf(state, who)}`} style={place(part, frame)} />;
        }))}
      {shown.offers.map((offer) => {
        const part = partOn(offer.start, offer.end, day, zone);
        const how = read.accepted.includes(offer.number) ? 'accepted' : read.refused.includes(offer.number) ? 'refused' : '';
        return seen(part) && <i key={offer.number} class={`offered ${how}${offer.withdrawn ? ' withdrawn' : ''}`} style={place(part, frame)}>{offer.number}</i>;
      })}
      {coming.map((offer) => {
        const part = partOn(offer.start, offer.end, day, zone);
        return seen(part) && <i key={`coming-${offer.number}`} class="offered coming" style={place(part, frame)}>{offer.number}</i>;
      })}
    </div>
  );
}

interface Pointed {
  cell: Cell;
  anchor: Cell;
}

const cellAt = (x: number, y: number): Cell | null => {
  const data = (document.elementFromPoint(x, y) as HTMLElement | null)?.dataset;
  return data?.['day'] === undefined ? null : { day: Number(data['day']), minute: Number(data['minute']) };
};

/** Painting: with a brush, over an area; the brush that is there already takes it away. */
function usePainting(read: ShownReading, zone: string) {
  const { desk, state } = useScene();
  const [brush, setBrush] = useState<Brush>('wanted');
  const windows = read.windows.map(({ start, end, wish }) => ({ start, end, wish }));
  const apply = (area: Rectangle, with_: Brush = brush) => {
    if (!mayCorrect(state)) return Promise.resolve();
    const wish = with_ === 'none' || isPainted(windows, area, with_, zone) ? null : with_;
    return desk.edit({ windows: paint(windows, area, wish, zone) });
  };
  return { brush, setBrush, apply };
}

function Head({ monday, zone, onTurn, brush, onBrush }: {
  monday: number; zone: string; onTurn: (by: number) => void; brush: Brush; onBrush: (brush: Brush) => void;
}) {
  const { say, language, state } = useScene();
  const range = formatOf(language, { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return (
    <div class="week-head">
      <span class="turn">
        <button type="button" class="small quiet" aria-label={say('week.previous')} onClick={() => onTurn(-7)}>‹</button>
        <strong>{range.formatRange(dateOf(monday), dateOf(monday + 6))}</strong>
        <button type="button" class="small quiet" aria-label={say('week.following')} onClick={() => onTurn(7)}>›</button>
      </span>
      <span class="soft zone">{say('week.zone', { city: cityOf(zone, language) })}</span>
      {state.edits.windows && <span class="badge fresh">{say('read.changed')}</span>}
      <span class="brushes" role="radiogroup" aria-label={say('week.brush')}>
        {brushes.map((each, i) => (
          <button type="button" role="radio" key={each} class={`brush ${each}`} aria-checked={each === brush} tabIndex={each === brush ? 0 : -1}
            onClick={() => onBrush(each)} onKeyDown={(event) => {
              const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
              if (step === undefined) return;
              event.preventDefault();
              onBrush(brushes[(i + step + brushes.length) % brushes.length] ?? 'wanted');
              const to = step > 0 ? event.currentTarget.nextElementSibling : event.currentTarget.previousElementSibling;
              if (to instanceof HTMLElement) to.focus();
            }}>
            <i aria-hidden="true" />{say(`wish.${each}`)}
          </button>
        ))}
      </span>
    </div>
  );
}

function Legend() {
  const { say, state } = useScene();
  const { shown } = useCase();
  return (
    <p class="lanes">
      {shown.busy.map(({ who }) => (
        <span key={who}><i class={`dot ${toneOf(state, who)}`} aria-hidden="true" />{labelOf(state, who)} <span class="soft">{say('week.busy.legend')}</span></span>
      ))}
      <span class="soft hint">{say('week.hint')}</span>
    </p>
  );
}

/** Which cells are chosen, and the week that is shown. */
function useChosen(shown: Case, read: ShownReading) {
  const { zone } = shown.meeting;
  const told = read.windows.length > 0 ? read.windows : shown.offers;
  const first = told.map(({ start }) => start).sort()[0];
  const [monday, setMonday] = useState(() => mondayOf(wallOf(first ?? new Date(serverTime()).toISOString(), zone).day));
  const frame = useFrame(shown, read, monday);
  const [at, setAt] = useState<Pointed>(() => {
    const start = first === undefined ? { day: monday, minute: frame.from } : wallOf(first, zone);
    const cell = { day: start.day, minute: Math.floor(start.minute / CELL_MINUTES) * CELL_MINUTES };
    return { cell, anchor: cell };
  });
  useEffect(() => { // a correction by other keys may have shortened the day
    const minute = Math.min(Math.max(at.cell.minute, frame.from), frame.to - CELL_MINUTES);
    if (minute !== at.cell.minute) setAt({ cell: { ...at.cell, minute }, anchor: { ...at.cell, minute } });
  }, [frame]);
  const go = (cell: Cell, extend = false) => {
    setMonday(mondayOf(cell.day));
    setAt({ cell, anchor: extend ? at.anchor : cell });
  };
  return { monday, frame, cell: at.cell, area: rectangleOf(at.anchor, at.cell), go };
}

type Chosen = ReturnType<typeof useChosen>;
type Painting = ReturnType<typeof usePainting>;

/** Arrows move and extend, Enter paints, Delete erases, digits are brushes. */
function keysOf(chosen: Chosen, { apply, setBrush }: Painting) {
  return (event: KeyboardEvent & { currentTarget: HTMLElement }) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = moved(chosen.cell, event.key, chosen.frame);
    const brush = brushes[(digitOf(event) ?? 0) - 1];
    if (to) chosen.go(to, event.shiftKey && !event.key.startsWith('Page'));
    else if (brush) setBrush(brush);
    else if (event.key === 'Enter' || event.key === ' ') void measured('paint', event.timeStamp, apply(chosen.area));
    else if (event.key === 'Delete' || event.key === 'Backspace') void measured('erase', event.timeStamp, apply(chosen.area, 'none'));
    else if (event.key === 'Escape') event.currentTarget.blur();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
}

/** From where the button goes down to where it is let go. */
function useDrag(chosen: Chosen, { apply }: Painting) {
  const [drag, setDrag] = useState(false);
  const onPointerDown = (event: PointerEvent & { currentTarget: HTMLElement }) => {
    const cell = event.button === 0 ? cellAt(event.clientX, event.clientY) : null;
    if (!cell) return;
    event.preventDefault();
    event.currentTarget.focus();
    event.currentTarget.setPointerCapture(event.pointerId);
    chosen.go(cell, event.shiftKey);
    setDrag(true);
  };
  const onPointerMove = (event: PointerEvent) => {
    const cell = drag ? cellAt(event.clientX, event.clientY) : null;
    if (cell && idOf(cell) !== idOf(chosen.cell)) chosen.go(cell, true);
  };
  const onPointerUp = () => {
    if (!drag) return;
    setDrag(false);
    void apply(chosen.area);
  };
  return { drag, handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: () => setDrag(false) } };
}

const clockOf = (minute: number) => `${String(Math.floor(minute / 60) % 24).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** A cell in words: when, what is wished, offered, and who is taken. */
function useLabels(read: ShownReading, monday: number): (facts: CellFacts) => string {
  const { say, language, state } = useScene();
  const { shown } = useCase();
  const days = useMemo(() => {
    const format = formatOf(language, { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'UTC' });
    return Array.from({ length: 7 }, (_, i) => format.format(dateOf(monday + i)));
  }, [language, monday]);
  return useCallback(({ cell, from, to, busy }) => {
    const wish = wishIn(read.windows, from, to);
    const offer = shown.offers.find(({ start, end }) => Date.parse(start) < to && Date.parse(end) > from);
    return [
      say('week.cell', { day: days[cell.day - monday] ?? '', from: clockOf(cell.minute), to: clockOf(cell.minute + CELL_MINUTES) }),
      from >= to ? say('week.skipped') : '',
      wish ? say(`wish.${wish}`) : '',
      offer ? say('week.offer', { number: offer.number }) : '',
      busy.length > 0 ? say('week.busy', { people: busy.map((who) => labelOf(state, who)).join(', ') }) : '',
    ].filter((part) => part !== '').join(', ');
  }, [days, say, read, shown, state.opened.people]);
}

interface RowsProps {
  rows: CellFacts[][];
  label: (facts: CellFacts) => string;
  cell: Cell;
  area: Rectangle;
  seen: boolean;
  focused: boolean;
}

/** Knows nothing of the rest, so that it is not made anew at each letter of a reply. */
function Rows({ rows, label, cell: chosen, area, seen, focused }: RowsProps) {
  const now = serverTime();
  return (
    <>
      {rows.map((row) => (
        <div role="row" key={row[0]?.cell.minute}>
          {row.map((facts) => {
            const { cell, from, to } = facts;
            const within = seen && contains(area, cell);
            const here = focused && idOf(cell) === idOf(chosen);
            const classes = ['cell', cell.minute % 60 === 0 && 'hour', within && 'within', to <= now && 'past', from >= to && 'skipped', here && 'here'];
            return (
              <div key={cell.day} id={idOf(cell)} role="gridcell" data-day={cell.day} data-minute={cell.minute} aria-selected={within}
                class={classes.filter((each) => each !== false).join(' ')} aria-label={label(facts)} />
            );
          })}
        </div>
      ))}
    </>
  );
}

function Days({ monday, zone }: { monday: number; zone: string }) {
  const { language } = useScene();
  const today = wallOf(new Date(serverTime()).toISOString(), zone).day;
  const name = formatOf(language, { weekday: 'short', timeZone: 'UTC' });
  return (
    <div class="week-days" aria-hidden="true">
      {Array.from({ length: 7 }, (_, i) => dateOf(monday + i)).map((date, i) => (
        <span key={i} class={monday + i === today ? 'today' : undefined}>{name.format(date)} <strong>{date.getUTCDate()}</strong></span>
      ))}
    </div>
  );
}

function Hours({ frame }: { frame: Frame }) {
  const hours = Array.from({ length: (frame.to - frame.from) / 60 - 1 }, (_, i) => frame.from / 60 + i + 1);
  return (
    <div class="week-hours" aria-hidden="true">
      {hours.map((hour) => <span key={hour} style={place({ from: hour * 60, to: hour * 60 + 60 }, frame)}>{hour}</span>)}
    </div>
  );
}

export function WeekGrid({ read }: { read: ShownReading }) {
  const { say } = useScene();
  const { shown, zone } = useCase();
  const chosen = useChosen(shown, read);
  const { monday, frame } = chosen;
  const rows = useMemo(() => cellsOf(shown, monday, frame), [shown, monday, frame]);
  const painting = usePainting(read, zone);
  const { drag, handlers } = useDrag(chosen, painting);
  const [focused, setFocused] = useState(false);
  const label = useLabels(read, monday);
  const { cell, area } = chosen;
  const seen = focused || drag;
  const cells = useMemo(
    () => <Rows rows={rows} label={label} cell={cell} area={area} seen={seen} focused={focused} />,
    [rows, label, cell, area.firstDay, area.lastDay, area.from, area.to, seen, focused],
  );
  return (
    <div class="week-box">
      <Head
        monday={monday} zone={zone} brush={painting.brush} onBrush={painting.setBrush}
        onTurn={(by) => chosen.go({ day: chosen.cell.day + by, minute: chosen.cell.minute })}
      />
      <Days monday={monday} zone={zone} />
      <div class="week-body">
        <Hours frame={frame} />
        <div
          class="week-grid" role="grid" tabIndex={0} aria-label={say('week.label')} aria-multiselectable="true" aria-description={say('week.help')}
          aria-keyshortcuts="C" aria-activedescendant={idOf(chosen.cell)} aria-rowcount={rows.length} aria-colcount={7}
          onKeyDown={keysOf(chosen, painting)} onFocus={() => setFocused(true)} onBlur={() => setFocused(false)} {...handlers}
        >
          {cells}
        </div>
        <div class="week-layers" aria-hidden="true">
          {Array.from({ length: 7 }, (_, i) => <DayLayer key={monday + i} day={monday + i} frame={frame} read={read} />)}
        </div>
      </div>
      <Legend />
    </div>
  );
}

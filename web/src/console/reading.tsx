// The reading as chips that can be changed. What was changed says what was read.
import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { clock, dayShort, span } from '../i18n/time';
import { mayCorrect } from './desk';
import type { Edits, ShownPerson, ShownReading } from './edits';
import { isChanged, shownReading, turnedOffer } from './edits';
import { digitOf, keyOf } from './keys';
import { Chip } from './menu';
import { OpenPart } from './opening';
import { labelOf, sayOr, toneOf, useCase, useScene } from './scene';
import type { Say } from './scene';
import { Masked } from './text';
import { WeekGrid } from './weekgrid';

/** The likeliest first: digits reach nine. */
const intents = [
  'accept', 'counter', 'decline', 'request', 'reschedule', 'cancel', 'change', 'question', 'inform', 'delegate', 'late', 'thanks', 'other', 'unclear', 'hostile',
];
const kinds = ['call', 'video', 'meeting', 'lunch', 'breakfast', 'coffee', 'drinks', 'dinner', ''];
const lengths = [15, 30, 45, 60, 90, 120, 180, 240];
const roles = ['attend', 'optional', 'remove', 'delegate', 'named'];

export interface MenuProps {
  menu: string | null;
  onMenu: (menu: string | null) => void;
}

function Row({ name, children, class: more = '' }: { name: string; children: ComponentChildren; class?: string }) {
  return (
    <div class={`fact ${more}`}>
      <span class="fact-name">{name}</span>
      {children}
    </div>
  );
}

const sayIntent = (say: Say, intent: string) => (intent === '' ? say('read.none') : sayOr(say, 'intent', intent));
const sayKind = (say: Say, kind: string) => (kind === '' ? say('read.none') : sayOr(say, 'kind', kind));
const sayLength = (say: Say, minutes: number) => (minutes === 0 ? say('read.none') : say('read.minutes.count', { count: minutes }));

interface PartProps extends MenuProps {
  read: ShownReading;
  edits: Edits;
}

function Intent({ read, edits, menu, onMenu }: PartProps) {
  const { say, desk } = useScene();
  const { shown } = useCase();
  return (
    <Row name={say('read.intent')} class="intent">
      <Chip
        name="intent" label={say('read.intent')} text={<strong>{sayIntent(say, read.intent)}</strong>} value={read.intent} keys={keyOf('intent')}
        was={edits.intent === undefined || !shown.reading ? undefined : sayIntent(say, shown.reading.intent)}
        choices={intents.map((value) => ({ value, text: sayOr(say, 'intent', value) }))}
        open={menu === 'intent'} onOpen={(open) => onMenu(open ? 'intent' : null)} onChoose={(intent) => desk.edit({ intent })}
      />
      {shown.reading && <Confidence value={shown.reading.confidence} />}
    </Row>
  );
}

function Confidence({ value }: { value: number }) {
  const { say } = useScene();
  const percent = Math.round(value / 10);
  const text = say('read.confidence', { percent });
  return (
    <span class="sureness" title={text}>
      <meter min={0} max={100} low={60} high={85} optimum={100} value={percent} aria-label={text} />
      {percent}&nbsp;%
    </span>
  );
}

function Length({ onSet }: { onSet: (minutes: number) => void }) {
  const { say } = useScene();
  const [text, setText] = useState('');
  const minutes = Number(text);
  const good = Number.isInteger(minutes) && minutes >= 5 && minutes <= 1440;
  return (
    <form class="free" onSubmit={(event) => {
      event.preventDefault();
      if (good) onSet(minutes);
    }}>
      <input inputMode="numeric" aria-label={say('read.minutes.other')} placeholder="…" size={4} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      <button type="submit" class="small" disabled={!good}>{say('read.set')}</button>
    </form>
  );
}

function KindAndLength({ read, edits, menu, onMenu }: PartProps) {
  const { say, desk } = useScene();
  const { shown } = useCase();
  return (
    <>
      <Row name={say('read.kind')} class="kind">
        <Chip
          name="kind" label={say('read.kind')} text={sayKind(say, read.kind)} value={read.kind} keys={keyOf('kind')}
          was={edits.kind === undefined || !shown.reading ? undefined : sayKind(say, shown.reading.kind)}
          choices={kinds.map((value) => ({ value, text: sayKind(say, value) }))}
          open={menu === 'kind'} onOpen={(open) => onMenu(open ? 'kind' : null)} onChoose={(kind) => desk.edit({ kind })}
        />
      </Row>
      <Row name={say('read.minutes')}>
        <Chip
          name="minutes" label={say('read.minutes')} text={sayLength(say, read.duration_min)} value={String(read.duration_min)} keys={keyOf('minutes')}
          was={edits.duration_min === undefined || !shown.reading ? undefined : sayLength(say, shown.reading.duration_min)}
          choices={lengths.map((each) => ({ value: String(each), text: sayLength(say, each) }))}
          open={menu === 'minutes'} onOpen={(open) => onMenu(open ? 'minutes' : null)} onChoose={(value) => desk.edit({ duration_min: Number(value) })}
        >
          <Length onSet={(minutes) => {
            onMenu(null);
            void desk.edit({ duration_min: minutes });
          }} />
        </Chip>
      </Row>
    </>
  );
}

function PlaceField({ place, onEnd }: { place: string; onEnd: () => void }) {
  const { say, desk } = useScene();
  const [text, setText] = useState(place);
  const field = useRef<HTMLInputElement>(null);
  const ended = useRef(false);
  useLayoutEffect(() => field.current?.select(), []);
  const end = (set: boolean) => {
    if (ended.current) return;
    ended.current = true;
    onEnd();
    if (set && text.trim() !== place) void desk.edit({ place: text.trim() });
  };
  return (
    <input
      ref={field} class="place-field" aria-label={say('read.place')} maxLength={200} value={text} onInput={(event) => setText(event.currentTarget.value)}
      onBlur={() => end(true)} onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== 'Escape') return;
        event.preventDefault();
        event.stopPropagation();
        end(event.key === 'Enter');
      }}
    />
  );
}

function Place({ read, edits, menu, onMenu }: PartProps) {
  const { say } = useScene();
  const { shown } = useCase();
  const was = edits.place === undefined || !shown.reading ? undefined : shown.reading.place || say('read.none');
  return (
    <Row name={say('read.place')} class="place">
      {menu === 'place' ? (
        <PlaceField place={read.place} onEnd={() => onMenu(null)} />
      ) : (
        <button type="button" class={`chip${was === undefined ? '' : ' changed'}`} data-chip="place" aria-keyshortcuts={keyOf('place')}
          title={was === undefined ? undefined : say('read.was', { what: was })} onClick={() => onMenu('place')}>
          <span class="hidden">{say('read.place')} </span>
          <span class="place-text">{read.place === '' ? say('read.none') : <Masked text={read.place} />}</span>
          {was !== undefined && <span class="hidden"> ({say('read.was', { what: was })})</span>}
          <kbd aria-hidden="true">{keyOf('place')}</kbd>
        </button>
      )}
    </Row>
  );
}

/** An address as anybody writes one, or somebody of the case. */
const isSomebody = (text: string, ids: readonly string[]) =>
  /^[^\s@[\]]+@[^\s@[\]]+\.[^\s@[\]]+$/.test(text) || ids.includes(/^\[?(P\d+)\]?$/i.exec(text)?.[1]?.toUpperCase() ?? '');

function AddPerson({ onEnd }: { onEnd: () => void }) {
  const { say, desk } = useScene();
  const { shown } = useCase();
  const [address, setAddress] = useState('');
  const [name, setName] = useState('');
  const [wrong, setWrong] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  useLayoutEffect(() => field.current?.focus(), []);
  const add = () => {
    const who = address.trim();
    if (!isSomebody(who, shown.people.map(({ id }) => id))) return setWrong(true);
    const id = /^\[?(P\d+)\]?$/i.exec(who)?.[1]?.toUpperCase();
    void desk.editPerson(id === undefined ? { address: who, name: name.trim(), role: 'attend' } : { id, role: 'attend' });
    onEnd();
  };
  return (
    <form class="add-person" onSubmit={(event) => {
      event.preventDefault();
      add();
    }} onKeyDown={(event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onEnd();
    }}>
      <input ref={field} aria-label={say('read.person.address')} placeholder={say('read.person.address')} autoComplete="off" spellcheck={false}
        aria-invalid={wrong || undefined} value={address} onInput={(event) => setAddress(event.currentTarget.value)} />
      <input aria-label={say('read.person.name')} placeholder={say('read.person.name')} autoComplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} />
      <button type="submit" class="small">{say('read.person.add')}</button>
      {wrong && <p class="wrong" role="alert">{say('read.person.wrong')}</p>}
    </form>
  );
}

function PersonChip({ person, menu, onMenu }: { person: ShownPerson } & MenuProps) {
  const { say, desk, state } = useScene();
  const { shown } = useCase();
  const label = person.address !== undefined ? person.name || person.address : labelOf(state, person.id);
  const was = shown.reading?.people.find(({ id }) => id === person.id)?.role;
  const organiser = shown.people.find(({ id }) => id === person.id)?.role === 'organiser';
  const active = shown.people.find(({ id }) => id === person.id)?.active ?? true;
  const more = [
    organiser ? say('role.organiser') : '', person.role === 'attend' ? '' : sayOr(say, 'role', person.role),
    person.unsure ? say('read.person.unsure') : '', active ? '' : say('read.person.left'),
  ].filter((part) => part !== '');
  return (
    <li class={person.role === 'remove' ? 'gone' : undefined}>
      <Chip
        name={`person-${person.id}`} label={say('read.person.role', { person: label })} value={person.role} class="person"
        text={<><i class={`dot ${toneOf(state, person.id)}`} aria-hidden="true" /><span class="person-name">{label}</span>{more.length > 0 && <small>{more.join(', ')}</small>}</>}
        was={was !== undefined && was !== person.role ? sayOr(say, 'role', was) : person.address !== undefined ? say('read.none') : undefined}
        choices={roles.map((value) => ({ value, text: sayOr(say, 'role', value) }))}
        open={menu === `person-${person.id}`} onOpen={(open) => onMenu(open ? `person-${person.id}` : null)}
        onChoose={(role) => desk.editPerson(person.address === undefined ? { id: person.id, role } : { address: person.address, name: person.name ?? '', role })}
      />
      {person.address !== undefined && (
        <button type="button" class="small quiet drop" aria-label={say('read.person.drop', { person: label })} onClick={() => void desk.removePerson(person.id)}>×</button>
      )}
    </li>
  );
}

function People(props: PartProps) {
  const { say } = useScene();
  const { read, menu, onMenu } = props;
  const list = useRef<HTMLUListElement>(null);
  const onKey = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const chips = [...(list.current?.querySelectorAll<HTMLElement>('.chip') ?? [])];
    const at = chips.indexOf(document.activeElement as HTMLElement);
    if (step === undefined || at < 0) return;
    event.preventDefault();
    chips[(at + step + chips.length) % chips.length]?.focus();
  };
  return (
    <Row name={say('read.people')} class="wide people">
      <ul class="chips" ref={list} onKeyDown={onKey}>
        {read.people.map((person) => <PersonChip key={person.id} person={person} menu={menu} onMenu={onMenu} />)}
        <li>
          <button type="button" class="chip add" data-chip="add" aria-expanded={menu === 'add'} aria-label={say('read.person.add')}
            onClick={() => onMenu(menu === 'add' ? null : 'add')}>+</button>
        </li>
      </ul>
      {menu === 'add' && <AddPerson onEnd={() => onMenu(null)} />}
    </Row>
  );
}

function Offers({ read, edits }: PartProps) {
  const { say, language, desk } = useScene();
  const { shown, zone } = useCase();
  if (shown.offers.length === 0) return null;
  const stateOf = (number: number) =>
    read.accepted.includes(number) ? 'accepted' : read.refused.includes(number) ? 'refused' : 'none';
  const touched = edits.accepted !== undefined || edits.refused !== undefined;
  return (
    <Row name={say('read.offers')} class="wide">
      <ul class={`chips offers${touched ? ' touched' : ''}`}>
        {shown.offers.map((offer) => {
          const state = stateOf(offer.number);
          const when = span(offer.start, offer.end, zone, language);
          const begins = `${dayShort(offer.start, zone, language)}, ${clock(offer.start, zone, language)}`;
          return (
            <li key={offer.number}>
              <button type="button" class={`chip offer ${state}${offer.withdrawn ? ' withdrawn' : ''}`} data-offer={offer.number} data-state={state}
                title={offer.withdrawn ? `${when}: ${say('offer.withdrawn')}` : when}
                aria-label={say('offer.turn', { number: offer.number, when, state: say(`offer.${state}`) })}
                onClick={() => void desk.edit(turnedOffer(read, offer.number))}>
                <kbd aria-hidden="true">{offer.number}</kbd> {begins} <span class="offer-state" aria-hidden="true">{state === 'accepted' ? '✓' : state === 'refused' ? '✕' : ''}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </Row>
  );
}

/** The offer of a digit: turned on, as by the mouse. */
export function turnOffer(event: Pick<KeyboardEvent, 'key' | 'code'>): Promise<void> | void {
  const number = digitOf(event);
  document.querySelector<HTMLButtonElement>(`[data-offer="${number}"]`)?.click();
}

export function Reading({ menu, onMenu }: MenuProps) {
  const { say, desk, state } = useScene();
  const { shown } = useCase();
  const { edits } = state;
  const read = useMemo(() => shownReading(shown.reading, edits), [shown.reading, edits]);
  const props: PartProps = { read, edits, menu, onMenu };
  return (
    <section class="panel read" aria-labelledby="read">
      <header class="panel-head">
        <h2 id="read">{say('read')}</h2>
        <span class="gap" />
        {(isChanged(edits) || state.past.length > 0) && (
          <button type="button" class="small quiet" disabled={state.past.length === 0} onClick={() => void desk.undo()}>
            {say('read.undo')} <kbd aria-hidden="true">{keyOf('undo')}</kbd>
          </button>
        )}
        <OpenPart part="people" />
      </header>
      {shown.reading === null && <p class="blind">{say('read.blind')}</p>}
      <fieldset class="facts" disabled={!mayCorrect(state)}>
        <Intent {...props} />
        <KindAndLength {...props} />
        <Place {...props} />
        <People {...props} />
        <Offers {...props} />
      </fieldset>
      <WeekGrid key={shown.task.id} read={read} />
    </section>
  );
}

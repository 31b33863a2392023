// What a person has changed of a reading, and the decision that follows from it.
import type { Case, CaseReading, Decision, ReadPerson, SaidPerson, SaidReading } from './types';
import { sameWindows } from './week';

/** Only what differs from what was read; see SaidReading. */
export type Edits = SaidReading;

/** Of a second look, which is shown without the reading. */
const nothing: CaseReading = {
  intent: '', confidence: 0, doubt: '', people: [], kind: '', duration_min: 0, place: '', windows: [], accepted: [], refused: [],
};

export interface ShownPerson extends ReadPerson {
  /** Of somebody who was added here */
  address?: string;
  name?: string;
}

export interface ShownReading extends Omit<CaseReading, 'people' | 'windows'> {
  people: ShownPerson[];
  windows: NonNullable<SaidReading['windows']>;
}

const idOf = (person: SaidPerson): string => person.id ?? person.address ?? '';

function peopleOf(read: readonly ReadPerson[], edits: readonly SaidPerson[]): ShownPerson[] {
  const changed = new Map(edits.map((each) => [idOf(each), each]));
  const known = read.map((each) => ({ ...each, role: changed.get(each.id)?.role ?? each.role }));
  const added = edits
    .filter((each) => read.every(({ id }) => id !== idOf(each)))
    .map((each) => ({ unsure: false, ...each, id: idOf(each) }));
  return [...known, ...added];
}

/** The reading as it is now, the person's changes in it. */
export function shownReading(read: CaseReading | null, edits: Edits): ShownReading {
  const { people = [], ...rest } = edits;
  const base = read ?? nothing;
  return { ...base, ...rest, people: peopleOf(base.people, people) };
}

const sameNumbers = (one: readonly number[], other: readonly number[]) =>
  [...one].sort((a, b) => a - b).join() === [...other].sort((a, b) => a - b).join();

function isSame<K extends keyof Edits>(read: CaseReading, name: K, value: Edits[K]): boolean {
  switch (name) {
    case 'accepted':
    case 'refused':
      return sameNumbers(read[name as 'accepted'], value as number[]);
    case 'windows':
      return sameWindows(read.windows, value as NonNullable<Edits['windows']>);
    case 'people':
      return (value as SaidPerson[]).every((each) => read.people.some(({ id, role }) => id === each.id && role === each.role));
    default:
      return read[name as 'intent'] === value;
  }
}

/** The edits with some more; what is as it was read is no edit. */
export function changed(read: CaseReading | null, edits: Edits, more: Edits): Edits {
  const all = { ...edits, ...more };
  const base = read ?? nothing;
  return Object.fromEntries(
    Object.entries(all).filter(([name, value]) => !isSame(base, name as keyof Edits, value as Edits[keyof Edits])),
  );
}

/** Somebody has another role, or is new here. */
export function changedPerson(read: CaseReading | null, edits: Edits, person: SaidPerson): Edits {
  const others = (edits.people ?? []).filter((each) => idOf(each) !== idOf(person));
  const asRead = read?.people.some(({ id, role }) => id === person.id && role === person.role) ?? false;
  return changed(read, edits, { people: asRead ? others : [...others, person] });
}

/** Whoever was added here is taken out again. */
export const withoutPerson = (read: CaseReading | null, edits: Edits, id: string): Edits =>
  changed(read, edits, { people: (edits.people ?? []).filter((each) => idOf(each) !== id) });

/** Said nothing, accepted, refused, and round again. */
export function turnedOffer(shown: Pick<ShownReading, 'accepted' | 'refused'>, number: number): Pick<Edits, 'accepted' | 'refused'> {
  const but = (list: readonly number[]) => list.filter((each) => each !== number);
  const sorted = (list: readonly number[]) => [...list].sort((a, b) => a - b);
  if (shown.accepted.includes(number)) return { accepted: but(shown.accepted), refused: sorted([...but(shown.refused), number]) };
  if (shown.refused.includes(number)) return { accepted: but(shown.accepted), refused: but(shown.refused) };
  return { accepted: sorted([...shown.accepted, number]), refused: but(shown.refused) };
}

export const isChanged = (edits: Edits): boolean => Object.keys(edits).length > 0;

/** Null: nothing can be decided yet, as of a second look of which nothing was said. */
export function decisionOf(reading: CaseReading | null, edits: Edits): Decision | null {
  if (isChanged(edits)) return reading === null && !edits.intent ? null : { reading: edits };
  return reading === null ? null : { approve: true };
}

export type Act = 'approve' | 'correct' | 'take_over' | 'ask_back' | 'refuse';

export function actOf(decision: Decision): Act {
  if (decision.reading) return 'correct';
  if (decision.take_over !== undefined) return 'take_over';
  if (decision.ask_back) return 'ask_back';
  return decision.refuse ? 'refuse' : 'approve';
}

/** What still fits the case as it is now: offers and people may be gone. */
export function fitting(edits: Edits, now: Case): Edits {
  const numbers = (list: readonly number[]) => list.filter((number) => now.offers.some((offer) => offer.number === number));
  const known = (person: SaidPerson) => person.id === undefined || now.people.some(({ id }) => id === person.id);
  const kept: Edits = { ...edits };
  if (edits.accepted) kept.accepted = numbers(edits.accepted);
  if (edits.refused) kept.refused = numbers(edits.refused);
  if (edits.people) kept.people = edits.people.filter(known);
  return changed(now.reading, {}, kept);
}

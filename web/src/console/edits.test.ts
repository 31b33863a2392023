import { describe, expect, it } from 'vitest';
import { actOf, changed, changedPerson, decisionOf, fitting, isChanged, shownReading, turnedOffer, withoutPerson } from './edits';
import type { Case, CaseReading, Decision } from './types';

const read: CaseReading = {
  intent: 'accept', confidence: 610, doubt: '', kind: 'video', duration_min: 45, place: '',
  people: [{ id: 'P1', role: 'attend', unsure: false }, { id: 'P2', role: 'attend', unsure: true }],
  windows: [{ start: '2026-12-01T14:00:00+01:00', end: '2026-12-01T18:00:00+01:00', wish: 'wanted', at: 3, len: 9 }],
  accepted: [2], refused: [1],
};

describe('changed', () => {
  it('keeps what differs from what was read', () => {
    expect(changed(read, {}, { intent: 'counter' })).toEqual({ intent: 'counter' });
    expect(changed(read, { intent: 'counter' }, { duration_min: 30 })).toEqual({ intent: 'counter', duration_min: 30 });
  });

  it.each([
    ['intent', { intent: 'counter' }, { intent: 'accept' }],
    ['place', { place: 'here' }, { place: '' }],
    ['accepted, in another order', { accepted: [1, 2] }, { accepted: [2] }],
    ['windows, in another offset', { windows: [] }, { windows: [{ start: '2026-12-01T13:00:00Z', end: '2026-12-01T17:00:00Z', wish: 'wanted' as const }] }],
  ])('forgets what is as before: %s', (_, first, back) => {
    const once = changed(read, {}, first);
    expect(isChanged(once)).toBe(true);
    expect(changed(read, once, back)).toEqual({});
  });
});

describe('people', () => {
  it('change, are added, and go back', () => {
    const optional = changedPerson(read, {}, { id: 'P2', role: 'optional' });
    expect(optional).toEqual({ people: [{ id: 'P2', role: 'optional' }] });
    expect(changedPerson(read, optional, { id: 'P2', role: 'attend' })).toEqual({});
    const added = changedPerson(read, optional, { address: 'zoe@noroit.example', name: 'Zoé', role: 'attend' });
    expect(shownReading(read, added).people).toEqual([
      { id: 'P1', role: 'attend', unsure: false }, { id: 'P2', role: 'optional', unsure: true },
      { id: 'zoe@noroit.example', address: 'zoe@noroit.example', name: 'Zoé', role: 'attend', unsure: false },
    ]);
    expect(withoutPerson(read, added, 'zoe@noroit.example')).toEqual(optional);
  });
});

describe('turnedOffer', () => {
  it('says accepted, refused, nothing, and leaves the others', () => {
    let shown = shownReading(read, {});
    const seen: string[] = [];
    for (let i = 0; i < 3; i++) {
      shown = { ...shown, ...turnedOffer(shown, 3) };
      seen.push(`${shown.accepted.join()} / ${shown.refused.join()}`);
    }
    expect(seen).toEqual(['2,3 / 1', '2 / 1,3', '2 / 1']);
    expect(turnedOffer(shown, 2)).toEqual({ accepted: [], refused: [1, 2] });
  });
});

describe('decisionOf', () => {
  it.each<[string, CaseReading | null, object, Decision | null]>([
    ['as read', read, {}, { approve: true }],
    ['corrected: only what has changed', read, { intent: 'counter', accepted: [] }, { reading: { intent: 'counter', accepted: [] } }],
    ['a second look that nothing was said of', null, {}, null],
    ['a second look without an intent', null, { kind: 'call' }, null],
    ['a second look', null, { intent: 'thanks' }, { reading: { intent: 'thanks' } }],
  ])('%s', (_, reading, edits, decision) => {
    expect(decisionOf(reading, edits)).toEqual(decision);
  });
});

describe('actOf', () => {
  it.each<[Decision, string]>([
    [{ approve: true }, 'approve'], [{ reading: {} }, 'correct'], [{ take_over: 'Hello' }, 'take_over'],
    [{ ask_back: { whom: 'writer', text: 'Which?' } }, 'ask_back'], [{ refuse: true, text: '' }, 'refuse'],
  ])('%j', (decision, act) => {
    expect(actOf(decision)).toBe(act);
  });
});

describe('fitting', () => {
  const now = { people: [{ id: 'P1' }], offers: [{ number: 2 }, { number: 4 }], reading: { ...read, accepted: [4], refused: [] } } as unknown as Case;
  it('drops offers and people that are gone, and what the case says itself now', () => {
    expect(fitting({ intent: 'counter', accepted: [1, 4], refused: [2, 3], people: [{ id: 'P2', role: 'remove' }, { address: 'zoe@noroit.example', role: 'attend' }] }, now))
      .toEqual({ intent: 'counter', refused: [2], people: [{ address: 'zoe@noroit.example', role: 'attend' }] });
  });
});

import { describe, expect, it } from 'vitest';
import type { Mailbox, Meeting, Message, View } from '../../api/types';
import { exampleDraft, exampleNames } from './examples';
import { guideOf } from './guide';
import { bareSubject, linkPath, personCalled, replyDraft, threadsOf, unreadCount } from './mail';
import { focusOf, paintOf } from './paint';

const box = (address: string): Mailbox => ({ address, name: address.split('@')[0] ?? '' });
const alice = 'alice@a.example';
const marc = 'marc@m.example';
const emma = 'emma@e.example';
const camille = 'camille@assist.example';

function message(id: string, from: string, to: string[], more: Partial<Message> = {}): Message {
  return {
    id, at: '2026-03-02T09:00:00Z', from: box(from), to: to.map(box), cc: [], subject: 'Budget', text: '',
    in_reply_to: null, purpose: null, meeting: null, offers: [], calendar: null, outcome: null, reading: null, ...more,
  };
}

const meeting = (id: string, status: Meeting['status']): Meeting => ({
  id, status, subject: 'Contrat', kind: 'call', duration_minutes: 30, start: null, end: null, recurrence: null, place: '', supervision: null,
  participants: [{ ...box(alice), role: 'organiser', status: 'needs-action' }],
});

function view(messages: Message[], meetings: Meeting[] = []): View {
  const person = (address: string, kind: 'colleague' | 'guest') => ({
    ...box(address), kind, language: 'fr' as const, time_zone: 'Europe/Paris',
  });
  return {
    now: '2026-03-02T09:00:00Z', organisation: 'A', assistant: box(camille),
    people: [person(alice, 'colleague'), person('bob@a.example', 'colleague'), person(marc, 'guest'), person(emma, 'guest')],
    messages, calendars: [], meetings,
  };
}

describe('personCalled', () => {
  const people = ['Marc Delattre', 'Benoît Lefèvre', 'Emma Clarke', 'Emmanuel Roy', 'Ana', 'Anaïs'].map((name) => ({ address: name, name }));
  it.each([
    ['Marc', 'Marc Delattre'],
    ['marc delattre ', 'Marc Delattre'],
    ['BENOIT', 'Benoît Lefèvre'],
    ['Emma', undefined], // which one?
    ['emma ', undefined],
    ['Emma C', 'Emma Clarke'],
    ['ana', 'Ana'],
    ['Delattre', undefined],
    ['', undefined],
  ])('%s', (typed, name) => expect(personCalled(people, typed)?.name).toBe(name));
});

describe('bareSubject', () => {
  it.each([
    ['Budget', 'Budget'],
    ['Re: Budget', 'Budget'],
    ['RE : TR: Fwd: Budget', 'Budget'],
    ['Rép : Budget', 'Budget'],
    ['Remise : budget', 'Remise : budget'],
    ['Re:', ''],
  ])('%s', (subject, bare) => expect(bareSubject(subject)).toBe(bare));
});

describe('threadsOf', () => {
  it('shows what a person wrote or got, newest thread first', () => {
    const all = view([
      message('1', alice, [marc]),
      message('2', marc, [alice], { in_reply_to: '1', subject: 'Re: Budget' }),
      message('3', emma, [marc], { subject: 'Lunch' }),
      message('4', alice, [marc], { in_reply_to: '2' }),
    ]);
    expect(threadsOf(all, alice).map((t) => t.messages.map((m) => m.id))).toEqual([['1', '2', '4']]);
    expect(threadsOf(all, marc).map((t) => t.key)).toEqual(['1', '3']);
    expect(threadsOf(all, emma).map((t) => t.subject)).toEqual(['Lunch']);
  });

  it('keeps the mails of a meeting together, whatever they answer', () => {
    const all = view(
      [
        message('1', alice, [camille], { meeting: 'm1' }),
        message('2', camille, [marc], { meeting: 'm1' }),
        message('3', marc, [camille], { in_reply_to: '2' }),
      ],
      [meeting('m1', 'proposing')],
    );
    expect(threadsOf(all, marc)).toMatchObject([{ key: 'm1', meeting: { id: 'm1' }, messages: [{ id: '2' }, { id: '3' }] }]);
    expect(threadsOf(all, camille)).toHaveLength(1);
  });

  it('survives answers in a ring and to nothing', () => {
    const all = view([
      message('1', alice, [marc], { in_reply_to: '2' }),
      message('2', marc, [alice], { in_reply_to: '1' }),
      message('3', marc, [alice], { in_reply_to: 'gone' }),
    ]);
    expect(threadsOf(all, alice).flatMap((t) => t.messages)).toHaveLength(3);
  });
});

describe('unreadCount', () => {
  it('counts what was received and not seen by this person', () => {
    const all = view([message('1', alice, [marc, alice]), message('2', marc, [alice]), message('3', emma, [alice])]);
    expect(unreadCount(all, alice, new Set([`${alice} 2`, `${marc} 3`]))).toBe(1);
  });
});

describe('replyDraft', () => {
  const mail = message('1', alice, [marc, emma], { cc: [box(camille)], subject: 'Re: Budget' });
  it('answers the writer', () => {
    expect(replyDraft(mail, marc, false)).toMatchObject({ to: [alice], cc: [], subject: 'Re: Budget', inReplyTo: '1' });
  });
  it('answers all but the one who answers', () => {
    expect(replyDraft(mail, marc, true)).toMatchObject({ to: [alice, emma], cc: [camille] });
  });
  it('follows up an own mail to the same people', () => {
    expect(replyDraft(mail, alice, false)).toMatchObject({ to: [marc, emma], cc: [camille] });
  });
  it('names nobody twice', () => {
    const twice = message('1', alice, [marc, 'ALICE@A.example'], { cc: [box(alice), box(emma)] });
    expect(replyDraft(twice, marc, true)).toMatchObject({ to: [alice], cc: [emma] });
  });
});

describe('linkPath', () => {
  it.each([
    ['https://meet.example/r/abc.def', '/r/abc.def'],
    ['/r/abc?x=1', '/r/abc?x=1'],
    ['javascript:alert(1)', '#'],
    ['http://[bad', '#'],
  ])('%s', (link, path) => expect(linkPath(link)).toBe(path));
});

describe('guideOf', () => {
  const offer = { number: 1, start: '2026-03-03T13:00:00Z', end: '2026-03-03T13:30:00Z', recurrence: null, link: '/r/x' };
  const asked = message('1', alice, [camille], { meeting: 'm1', outcome: 'accepted' });
  const offered = message('2', camille, [marc], { meeting: 'm1', offers: [offer], outcome: null });
  it.each([
    [view([]), [], 'write', 1, alice],
    [view([message('1', alice, [camille])]), [], 'wait', 2, undefined],
    [view([message('1', alice, [camille], { outcome: 'ignored' })]), [], 'write', 2, alice],
    [view([asked, offered], [meeting('m1', 'proposing')]), [], 'answer', 2, marc],
    [view([asked, offered], [meeting('m1', 'confirmed')]), [], 'look', 3, alice],
    [view([asked, offered], [meeting('m1', 'confirmed')]), ['m1'], 'done', 3, alice],
    [view([asked, offered], [meeting('m0', 'confirmed'), meeting('m1', 'proposing')]), ['m0'], 'answer', 2, marc],
    [view([asked, offered], [meeting('m1', 'proposing'), meeting('m2', 'gathering')]), [], 'write', 2, alice],
  ] as const)('row %#', (all, opened, step, number, person) => {
    const guide = guideOf(all, new Set(opened));
    expect([guide.step, guide.number, guide.person?.address]).toEqual([step, number, person]);
  });
});

describe('exampleDraft', () => {
  const words = { subject: '{guest}', text: '{assistant}, {guest}, {other}, {me}' };
  it('fills in the people of the installation', () => {
    const all = view([]);
    const writer = all.people[0];
    if (!writer) throw new Error('nobody');
    expect(exampleDraft(all, writer, 'lunch', words)).toMatchObject({
      to: [marc, 'bob@a.example'], cc: [camille], subject: 'marc', text: 'camille, marc, bob, alice',
    });
    for (const name of exampleNames) expect(exampleDraft(all, writer, name, words)?.to).not.toHaveLength(0);
    expect(exampleDraft({ ...all, people: [writer] }, writer, 'meeting', words)).toBeNull();
  });
});

describe('paintOf', () => {
  const offer = { number: 1, start: '2026-03-10T13:00:00Z', end: '2026-03-10T13:30:00Z', recurrence: null, link: '/r/x' };
  const mails = [
    message('1', alice, [camille], { meeting: 'm1' }),
    message('2', camille, [marc], { meeting: 'm1', offers: [offer] }),
  ];
  it('shows the offers of others while the meeting is open', () => {
    const all = view(mails, [meeting('m1', 'proposing')]);
    const thread = threadsOf(all, alice)[0] ?? null;
    const paint = paintOf(all, thread);
    expect(paint.offers).toEqual([offer]);
    expect(focusOf(thread, paint)).toBe(offer.start);
  });
  it('shows nothing once it is settled, but its week', () => {
    const settled = { ...meeting('m1', 'confirmed'), start: '2026-03-17T08:00:00Z' };
    const all = view(mails, [settled]);
    const thread = threadsOf(all, alice)[0] ?? null;
    expect(paintOf(all, thread)).toEqual({ windows: [], offers: [] });
    expect(focusOf(thread, paintOf(all, thread))).toBe(settled.start);
    expect(focusOf(null, paintOf(all, null))).toBeNull();
  });
});

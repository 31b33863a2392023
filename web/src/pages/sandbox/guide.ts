// The first steps of a newcomer: what to do next, from what has happened so far.
import type { Person, View } from '../../api/types';
import { isSent, isWaiting } from './mail';

export type Step = 'write' | 'wait' | 'answer' | 'look' | 'done';

export interface Guide {
  step: Step;
  /** 1 to 3 of three */
  number: number;
  /** Whose mailbox or calendar to open */
  person: Person | null;
}

export function guideOf(view: View, opened: ReadonlySet<string>): Guide {
  const first = view.people.find((p) => p.kind === 'colleague') ?? null;
  const meeting = view.meetings.at(-1);
  if (meeting?.status === 'confirmed') {
    const organiser = meeting.participants.find((p) => p.role === 'organiser');
    const person = view.people.find((p) => p.address === organiser?.address) ?? null;
    return { step: opened.has(meeting.id) ? 'done' : 'look', number: 3, person };
  }
  const offered = view.messages.findLast((m) => m.offers.length > 0 && m.meeting === meeting?.id);
  if (offered && meeting?.status === 'proposing') {
    const person = view.people.find((p) => offered.to.some((to) => to.address === p.address)) ?? null;
    return { step: 'answer', number: 2, person };
  }
  if (view.messages.some((m) => isWaiting(m, view.assistant.address))) return { step: 'wait', number: 2, person: null };
  const wrote = view.messages.some((m) => view.people.some((p) => isSent(m, p.address)));
  return { step: 'write', number: wrote ? 2 : 1, person: first };
}

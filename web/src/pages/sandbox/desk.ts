// Who is looked at, what is open and what is being written: the state of the sandbox page.
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { View } from '../../api/types';
import { isAssistant, personOf } from '../../parts/context';
import type { Guide } from './guide';
import { guideOf } from './guide';
import type { Draft, Thread } from './mail';
import { isReceived, threadsOf } from './mail';
import { useKept } from './memory';
import { paintOf } from './paint';

export type Tab = 'mail' | 'calendar';

const newDraft = (view: View, who: string): Draft => ({
  to: [],
  cc: isAssistant(view, who) ? [] : [view.assistant.address],
  subject: '',
  text: '',
  inReplyTo: '',
});

/** As in page.css: below this a list and a mail are not beside one another. */
const hasRoomForBoth = () => window.matchMedia('(min-width: 700px)').matches;

/** What was read, by whom: "address id". A thread that is open is read. */
function useSeen(open: Thread | null, who: string, writing: boolean): ReadonlySet<string> {
  const [list, setList] = useKept<string[]>('seen', []);
  const seen = useMemo(() => new Set(list), [list]);
  useEffect(() => {
    if (!open || writing) return;
    const shown = open.messages.filter((m) => isReceived(m, who)).map((m) => `${who} ${m.id}`);
    const fresh = shown.filter((id) => !seen.has(id));
    if (fresh.length > 0) setList([...list, ...fresh].slice(-2000));
  }, [open, who, writing]);
  return seen;
}

/** The first steps; they end when the organizer's settled meeting is on the screen. */
function useGuide(view: View, open: Thread | null, who: string): Guide {
  const [settled, setSettled] = useKept<string[]>('settled', []);
  const guide = guideOf(view, new Set(settled));
  const organiser = guide.person?.address;
  useEffect(() => {
    const id = open?.meeting?.status === 'confirmed' ? open.meeting.id : null;
    if (id !== null && organiser === who && !settled.includes(id)) setSettled([...settled, id]);
  }, [open, who, organiser]);
  return guide;
}

export function useDesk(view: View) {
  const [picked, setPicked] = useKept('who', '');
  const [openKey, setOpenKey] = useKept<string | null>('thread', null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [tab, setTab] = useState<Tab>('mail');

  const known = personOf(view, picked) !== undefined || isAssistant(view, picked);
  const who = known ? picked : (view.people[0]?.address ?? view.assistant.address);
  const zone = personOf(view, who)?.time_zone ?? view.people[0]?.time_zone ?? 'UTC';
  const threads = useMemo(() => threadsOf(view, who), [view, who]);
  // A thread is also found by a message in it: its key changes once a meeting comes of it.
  const open = threads.find((t) => t.key === openKey || t.messages.some((m) => m.id === openKey)) ?? null;
  const paint = useMemo(() => paintOf(view, open), [view, open]);
  const seen = useSeen(open, who, draft !== null);
  const guide = useGuide(view, open, who);

  const read = (key: string | null) => {
    setOpenKey(key);
    setDraft(null);
  };
  const pick = (address: string, always = false) => {
    setPicked(address);
    read(always || hasRoomForBoth() ? (threadsOf(view, address)[0]?.key ?? null) : null);
  };
  const write = (address: string) => {
    setPicked(address);
    setDraft(newDraft(view, address));
    setTab('mail');
  };
  const act = ({ step, person }: Guide) => {
    if (!person) return;
    if (step === 'write') return write(person.address);
    pick(person.address, true);
    setTab(step === 'look' ? 'calendar' : 'mail');
  };
  return { who, zone, threads, open, paint, seen, guide, draft, tab, setTab, setDraft, read, pick, write, act, sent: read };
}

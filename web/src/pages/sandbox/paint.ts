// What an open conversation shows in the calendar beside it.
import type { Offer, Span, View } from '../../api/types';
import type { Thread } from './mail';

export interface Paint {
  windows: Span[];
  offers: Offer[];
}

const nothing: Paint = { windows: [], offers: [] };

/** The last wishes of anybody, and the last slots offered to anybody, while they matter. */
export function paintOf(view: View, thread: Thread | null): Paint {
  if (!thread) return nothing;
  const meeting = thread.meeting;
  if (meeting && meeting.status !== 'proposing' && meeting.status !== 'gathering' && meeting.status !== 'supervision')
    return nothing;
  const messages = meeting ? view.messages.filter((m) => m.meeting === meeting.id) : thread.messages;
  const newest = [...messages].reverse();
  return {
    windows: newest.find((m) => (m.reading?.windows.length ?? 0) > 0)?.reading?.windows ?? [],
    offers: newest.find((m) => m.offers.length > 0)?.offers ?? [],
  };
}

/** An instant whose week is the one to look at; null: the present one. */
export function focusOf(thread: Thread | null, paint: Paint): string | null {
  return thread?.meeting?.start ?? paint.offers[0]?.start ?? paint.windows[0]?.[0] ?? null;
}

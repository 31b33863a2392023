// What a browser does once (compiling, measuring letters, looking up how dates are written) the first request of a session
// would wait for. So while nobody waits a made-up one is laid out where nobody sees it, and taken away again.
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { serverTime } from '../api/client';
import type { DeskState } from './desk';
import { painted } from './marks';
import { SceneProvider, useScene } from './scene';
import type { Case } from './types';

const HOUR_MS = 3_600_000;
const PAUSE_MS = 200; // what is on the screen comes first

function madeUp(): Case {
  const iso = (hours: number) => new Date(Math.ceil(serverTime() / HOUR_MS + hours) * HOUR_MS).toISOString();
  const text = 'Bonjour [P2], [P1] 0123456789 jeudi 24 à 14h30 – what would be possible on Wednesday?\n\n';
  const draft = { to: ['P2'], subject: 'Re: …', text: text.repeat(3) };
  return {
    task: {
      id: 't_0', reason: 'unsure', reason_words: [{ at: 0, len: 7, means: 'time' }], opened: iso(-1), deadline: iso(1), priority: 'normal', language: 'fr',
      four_eyes: [], question: null, opinion: null, note: null, proposed: null,
    },
    meeting: { id: 'm_0', version: 1, state: 'gathering', subject: '…', zone: 'Europe/Paris' },
    people: [
      { id: 'P1', label: 'A. B. · a…', role: 'organiser', active: true },
      { id: 'P2', label: 'C. D. · e…', role: 'required', active: true },
    ],
    thread: [{ from: 'P1', at: iso(-2), language: 'fr', text: text.repeat(2), quoted: false, attachments: 0 }],
    reading: {
      intent: 'request', confidence: 500, doubt: 'day_or_month', people: [{ id: 'P2', role: 'attend', unsure: true }], kind: 'meeting', duration_min: 30,
      place: '', windows: [{ start: iso(24), end: iso(28), wish: 'wanted', at: 8, len: 4 }], accepted: [], refused: [],
    },
    offers: [{ number: 1, start: iso(24), end: iso(25), withdrawn: false }],
    busy: [{ who: 'P1', spans: [{ start: iso(26), end: iso(27) }] }],
    draft, also: [draft], does: 'sends_draft',
  };
}

/** Once a session and language, as long as nothing is taken: `children` with a made-up request. */
export function Rehearsal({ children }: { children: ComponentChildren }) {
  const scene = useScene();
  const [on, setOn] = useState(false);
  const idle = scene.state.phase === 'idle';
  useEffect(() => {
    const timer = setTimeout(() => {
      setOn(true);
      void painted().then(() => setOn(false));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [scene.language]);
  const state = useMemo((): DeskState => ({ ...scene.state, phase: 'case', case: madeUp() }), [on]);
  if (!on || !idle) return null;
  return (
    <div class="rehearsal" inert aria-hidden="true">
      <SceneProvider value={{ ...scene, state }}>{children}</SceneProvider>
    </div>
  );
}

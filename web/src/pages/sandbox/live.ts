// Keeps the view fresh: asks every second what changed since the last one.
import { useEffect, useState } from 'preact/hooks';
import { ApiError, getSandbox } from '../../api/client';
import type { View } from '../../api/types';

export type Trouble = 'unreachable' | 'absent' | null;

const PERIOD_MS = 1000;

export function useLive(): { view: View | null; trouble: Trouble; hurry: () => void } {
  const [view, setView] = useState<View | null>(null);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const [poke, setPoke] = useState(0);
  useEffect(() => {
    let stopped = false;
    let timer = 0;
    let change: number | null = null;
    const turn = async () => {
      try {
        const state = await getSandbox(change);
        if (stopped) return;
        change = state.change;
        if (state.view) setView(state.view);
        setTrouble(null);
      } catch (error) {
        if (stopped) return;
        setTrouble(error instanceof ApiError && error.status === 404 ? 'absent' : 'unreachable');
      }
      timer = window.setTimeout(() => void turn(), document.hidden ? PERIOD_MS * 5 : PERIOD_MS);
    };
    void turn();
    return () => {
      stopped = true;
      window.clearTimeout(timer);
    };
  }, [poke]);
  return { view, trouble, hurry: () => setPoke((n) => n + 1) };
}

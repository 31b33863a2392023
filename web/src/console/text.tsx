// Texts of the case: shortened names in them, and words that mean something.
import { useContext, useRef } from 'preact/hooks';
import { createContext } from 'preact';
import { span } from '../i18n/time';
import type { Piece } from '../pages/sandbox/highlight';
import { pieces } from '../pages/sandbox/highlight';
import { labelOf, sayOr, toneOf, useScene } from './scene';
import type { Say } from './scene';
import type { Language } from '../i18n';
import type { CaseReading, CaseTask } from './types';

/** Somebody, as "M. D. · a…". */
export function Who({ id }: { id: string }) {
  const { say, state } = useScene();
  const label = labelOf(state, id);
  const full = state.opened.people?.data.people.find((each) => each.id === id);
  const title = full ? [full.address, full.phone].filter((part) => part !== '').join('\n') : say('masked', { label });
  return <span class={`masked ${toneOf(state, id)}`} title={title}>{label}</span>;
}

/** Cuts at "[P1]" and "[…]", which stand for names and the like. */
export function tokensOf(text: string): { text: string; id: string | null }[] {
  return text.split(/(\[(?:P\d+|…)\])/).filter((part) => part !== '').map((part) => {
    const id = /^\[(P\d+|…)\]$/.exec(part)?.[1];
    return { text: part, id: id ?? null };
  });
}

export function Masked({ text }: { text: string }) {
  const { say } = useScene();
  return (
    <>
      {tokensOf(text).map((token, i) => {
        if (token.id === null) return token.text;
        if (token.id === '…') return <span key={i} class="masked blank" title={say('masked.other')}>…</span>;
        return <Who key={i} id={token.id} />;
      })}
    </>
  );
}

export interface Mark {
  offset: number;
  length: number;
  means: string;
  /** What the word is of, for its colour */
  tone: 'time' | 'act' | 'doubt';
}

const doubts = ['unclear', 'condition', 'unknown', 'order', 'complaint', 'hostile'];
const times = ['time', 'duration', 'place', 'person'];

/** The words that led to the reading; where two say the same place, times first. */
export function marksOf(task: CaseTask, reading: CaseReading | null, zone: string, say: Say, language: Language): Mark[] {
  const windows = new Map<string, Mark>();
  for (const each of reading?.windows ?? []) {
    if (each.len === 0) continue;
    const said = `${span(each.start, each.end, zone, language)} · ${say(`wish.${each.wish}`)}`;
    const known = windows.get(`${each.at} ${each.len}`);
    if (known) known.means += `\n${said}`;
    else windows.set(`${each.at} ${each.len}`, { offset: each.at, length: each.len, means: said, tone: 'time' });
  }
  const words = task.reason_words.map(({ at, len, means }): Mark => ({
    offset: at, length: len, means: sayOr(say, 'means', means),
    tone: doubts.includes(means) ? 'doubt' : times.includes(means) ? 'time' : 'act',
  }));
  return [...windows.values(), ...words];
}

export interface Tip {
  text: string;
  left: number;
  top: number;
}
export const TipContext = createContext<(tip: Tip | null) => void>(() => {});

/** A word that means something: says what, when pointed at or focused. */
function Meaning({ piece, mark }: { piece: string; mark: Mark }) {
  const show = useContext(TipContext);
  const here = useRef<HTMLElement>(null);
  const tell = () => {
    const box = here.current?.getBoundingClientRect();
    if (box) show({ text: mark.means, left: box.left, top: box.bottom });
  };
  const hide = () => show(null);
  return (
    <mark ref={here} class={`means ${mark.tone}`} tabIndex={0} aria-description={mark.means} onMouseEnter={tell} onMouseLeave={hide} onFocus={tell} onBlur={hide}>
      <Masked text={piece} />
    </mark>
  );
}

export function Marked({ text, marks }: { text: string; marks: readonly Mark[] }) {
  return (
    <>
      {pieces(text, text, marks).map(({ text: piece, mark }: Piece<Mark>, i) =>
        mark ? <Meaning key={i} piece={piece} mark={mark} /> : <Masked key={i} text={piece} />)}
    </>
  );
}

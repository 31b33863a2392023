import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Message } from '../api/types';
import type { Piece } from '../pages/sandbox/highlight';
import { links, pieces } from '../pages/sandbox/highlight';
import type { Mark } from '../pages/sandbox/said';
import { marksOf } from '../pages/sandbox/said';
import { useTeller } from './context';

function Linked({ text }: { text: string }) {
  return (
    <>
      {links(text).map((piece, i) =>
        piece.href === null ? (
          piece.text
        ) : (
          <a key={i} href={piece.href}>
            {piece.text}
          </a>
        ),
      )}
    </>
  );
}

/** Below the words, but never out of the text's column. */
function place(tip: HTMLElement) {
  const words = tip.previousElementSibling;
  const column = tip.closest('.message-text');
  if (!words || !column) return;
  const frame = column.getBoundingClientRect();
  const line = [...words.getClientRects()].at(-1) ?? words.getBoundingClientRect();
  const room = frame.width - tip.offsetWidth;
  tip.style.left = `${Math.max(0, Math.min(line.left - frame.left, room))}px`;
  tip.style.top = `${line.bottom - frame.top}px`;
}

/** A tap on it puts it away: it may cover other words. */
function Tip({ mark, onClose }: { mark: Mark; onClose: () => void }) {
  const tip = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (tip.current) place(tip.current);
  });
  return (
    <span class="tip" role="tooltip" ref={tip} onClick={onClose}>
      <span class="tip-body">
        <strong>{mark.reading}</strong>
        {mark.verdict !== '' && <span class={`tip-verdict is-${mark.tone}`}>{mark.verdict}</span>}
        {mark.question !== '' && <span class="tip-question">{mark.question}</span>}
      </span>
    </span>
  );
}

interface SaidProps {
  piece: Piece<Mark>;
  mark: Mark;
  open: boolean;
  onOpen: (open: boolean) => void;
}

/** Words with their reading: on hover, on focus, on tap; Escape puts it away. */
function Said({ piece, mark, open, onOpen }: SaidProps) {
  const label = [piece.text, mark.reading, mark.verdict, mark.question].filter((part) => part !== '').join('. ');
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onOpen(false);
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onOpen(!open);
  };
  /** A finger leaves as soon as it has touched: only a mouse hovers. */
  const onHover = (now: boolean) => (event: PointerEvent) => event.pointerType === 'mouse' && onOpen(now);
  return (
    <span class="said-frame" onPointerEnter={onHover(true)} onPointerLeave={onHover(false)}>
      <mark
        class={`said is-${mark.tone}${mark.doubt ? ' is-doubtful' : ''}`}
        role="button"
        tabIndex={0}
        aria-label={label}
        aria-expanded={open}
        onFocus={() => onOpen(true)}
        onBlur={() => onOpen(false)}
        onClick={() => onOpen(true)}
        onKeyDown={onKeyDown}
      >
        {piece.text}
      </mark>
      {open && <Tip mark={mark} onClose={() => onOpen(false)} />}
    </span>
  );
}

export function Body({ message }: { message: Message }) {
  const teller = useTeller();
  const [open, setOpen] = useState<number | null>(null);
  const { reading } = message;
  if (!reading)
    return (
      <div class="message-text">
        <Linked text={message.text} />
      </div>
    );
  const parts = pieces(message.text, reading.text, marksOf(reading, teller));
  return (
    <div class="message-text">
      {parts.map((piece, i) =>
        piece.mark ? (
          <Said
            key={i}
            piece={piece}
            mark={piece.mark}
            open={open === i}
            onOpen={(now) => setOpen((was) => (now ? i : was === i ? null : was))}
          />
        ) : (
          <Linked key={i} text={piece.text} />
        ),
      )}
    </div>
  );
}

// What is shortened is shown in full for a minute, for a purpose that goes into the log.
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { serverTime } from '../api/client';
import { digitOf, keyOf } from './keys';
import { useScene, useSeconds } from './scene';
import type { PartName, Purpose } from './types';

const parts: readonly PartName[] = ['people', 'words', 'draft'];
const purposes: readonly Purpose[] = ['identify', 'understand', 'write', 'complaint'];

function Left({ until }: { until: number }) {
  const { say } = useScene();
  const now = useSeconds(serverTime);
  return <span class="left">{say('open.left', { count: Math.max(0, Math.ceil((until - now) / 1000)) })}</span>;
}

/** The way to open a part, or to close it again. */
export function OpenPart({ part }: { part: PartName }) {
  const { say, desk, state } = useScene();
  const open = state.opened[part];
  if (open)
    return (
      <span class="opened">
        <Left until={open.until} />
        <button type="button" class="small" onClick={() => desk.close(part)}>{say('open.close')}</button>
      </span>
    );
  return (
    <button type="button" class="small quiet" aria-haspopup="dialog" data-opens={`open-${part}`} onClick={() => desk.show('open', part)}>
      {say(`open.show.${part}`)} {part === 'people' && <kbd aria-hidden="true">{keyOf('open')}</kbd>}
    </button>
  );
}

export function OpenDialog() {
  const { say, desk, state } = useScene();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  const leave = () => desk.show(null);
  const turn = (by: number) => desk.show('open', parts[(parts.indexOf(state.part) + by + parts.length) % parts.length]);
  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    const purpose = purposes[(digitOf(event) ?? 0) - 1];
    if (purpose) void desk.open(purpose);
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') turn(event.key === 'ArrowLeft' ? -1 : 1);
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const all = [...(dialog.current?.querySelectorAll<HTMLElement>('.purposes button') ?? [])];
      const at = all.indexOf(document.activeElement as HTMLElement) + (event.key === 'ArrowDown' ? 1 : -1);
      all[(at + all.length) % all.length]?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} class="sheet" aria-labelledby={id} onKeyDown={onKey} onCancel={(event) => {
      event.preventDefault();
      leave();
    }}>
      <h2 id={id}>{say('open.title')}</h2>
      <div class="segments" role="radiogroup" aria-label={say('open.what')}>
        {parts.map((part) => (
          <button type="button" role="radio" key={part} aria-checked={part === state.part} tabIndex={part === state.part ? 0 : -1} onClick={() => desk.show('open', part)}>
            {say(`open.part.${part}`)}
          </button>
        ))}
      </div>
      <p id={`${id}-why`}>{say('open.purpose')}</p>
      <ul class="purposes" aria-labelledby={`${id}-why`}>
        {purposes.map((purpose, i) => (
          <li key={purpose}>
            <button type="button" onClick={() => void desk.open(purpose)}><kbd>{i + 1}</kbd> {say(`open.purpose.${purpose}`)}</button>
          </li>
        ))}
      </ul>
      <button type="button" class="quiet" onClick={leave}>{say('cancel')}</button>
    </dialog>
  );
}

// All keys, by "?"; and the switch for whoever does not want letters to be commands (WCAG 2.2, 2.1.4).
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import type { Binding } from './keys';
import { bindings, keyOf } from './keys';
import type { Key } from './scene';
import { useScene } from './scene';

const groups = ['go', 'acts', 'reading', 'other'] as const;

export interface Single {
  single: boolean;
  onSingle: (single: boolean) => void;
}

function Row({ binding }: { binding: Binding }) {
  const { say } = useScene();
  return <li><kbd>{keyOf(binding.command)}</kbd> {say(`cmd.${binding.command}` as Key)}</li>;
}

export function Legend({ single, onSingle, onClose }: Single & { onClose: () => void }) {
  const { say } = useScene();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog ref={dialog} class="sheet legend" aria-labelledby={id} onCancel={(event) => {
      event.preventDefault();
      onClose();
    }} onKeyDown={(event) => {
      event.stopPropagation();
      if (event.key === '?') onClose();
    }}>
      <h2 id={id}>{say('legend.title')}</h2>
      <div class="legend-groups">
        {groups.map((group) => (
          <section key={group} aria-label={say(`legend.${group}`)}>
            <h3>{say(`legend.${group}`)}</h3>
            <ul>{bindings.filter((each) => each.group === group).map((each) => <Row key={each.command} binding={each} />)}</ul>
          </section>
        ))}
      </div>
      <p>{say('week.help')}</p>
      <p>{say('legend.fields')}</p>
      <label class="check">
        <input type="checkbox" checked={single} onChange={(event) => onSingle(event.currentTarget.checked)} />
        <span>{say('legend.single')} <span class="soft">{say('legend.single.hint')}</span></span>
      </label>
      <button type="button" class="primary" onClick={onClose}>{say('close')} <kbd aria-hidden="true">Esc</kbd></button>
    </dialog>
  );
}

import { useState } from 'preact/hooks';
import { personCalled } from '../pages/sandbox/mail';
import { nameOf, useScene } from './context';

interface Props {
  id: string;
  label: string;
  addresses: string[];
  onChange: (addresses: string[]) => void;
}

const isAddress = (text: string) => /^[^\s@]+@[^\s@]+$/.test(text);

/** Addresses as chips, and a field that takes one more: an address, or the name of one of the people. */
export function Recipients({ id, label, addresses, onChange }: Props) {
  const { view, who, say } = useScene();
  const [text, setText] = useState('');
  const known = [...view.people, view.assistant].filter(
    (p) => p.address !== who && !addresses.includes(p.address),
  );
  const add = (typed: string) => {
    const bare = typed.trim().replace(/[,;]$/, '');
    const address = isAddress(bare) ? bare : (personCalled(known, bare)?.address ?? '');
    if (!isAddress(address)) return false;
    if (!addresses.includes(address)) onChange([...addresses, address]);
    setText('');
    return true;
  };
  return (
    <div class="field recipients">
      <label for={id}>{label}</label>
      <div class="recipients-box">
        {addresses.map((address) => (
          <span class="chip" key={address} title={address}>
            {nameOf(view, address)}
            <button
              type="button"
              aria-label={say('compose.remove', { person: nameOf(view, address) })}
              onClick={() => onChange(addresses.filter((a) => a !== address))}
            >
              ×
            </button>
          </span>
        ))}
        <input
          id={id}
          type="text"
          inputMode="email"
          autocomplete="off"
          list={`${id}-known`}
          placeholder={addresses.length === 0 ? say('compose.add') : ''}
          value={text}
          onInput={(event) => {
            const typed = event.currentTarget.value.replace(/^[,;\s]+/, '');
            event.currentTarget.value = typed;
            if (known.some((p) => p.address === typed) || /[,;]$/.test(typed)) {
              if (add(typed)) return;
            }
            setText(typed);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') {
              event.preventDefault();
              add(text);
            } else if (event.key === 'Backspace' && text === '') onChange(addresses.slice(0, -1));
          }}
          onBlur={() => add(text)}
        />
        <datalist id={`${id}-known`}>
          {known.map((p) => (
            <option key={p.address} value={p.address}>
              {p.name}
            </option>
          ))}
        </datalist>
      </div>
    </div>
  );
}

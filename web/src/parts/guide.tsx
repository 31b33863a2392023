import type { Person } from '../api/types';
import type { Guide } from '../pages/sandbox/guide';
import { useScene } from './context';

interface Props {
  guide: Guide;
  onAct: (guide: Guide) => void;
  onHide: () => void;
}

const first = (person: Person | null) => person?.name.split(' ')[0] ?? '';

/** One line that says what to do next, with the button that does it. */
export function GuideBar({ guide, onAct, onHide }: Props) {
  const { view, say } = useScene();
  const values = { assistant: view.assistant.name, person: first(guide.person) };
  const action = guide.step === 'write' || guide.step === 'answer' || guide.step === 'look' ? guide.step : null;
  return (
    <aside class="guide" aria-label={say('guide.title')}>
      <ol class="guide-steps" aria-label={say('guide.step', { number: guide.number })}>
        {[1, 2, 3].map((n) => (
          <li key={n} class={guide.step === 'done' || n < guide.number ? 'past' : n === guide.number ? 'here' : ''}>
            {n}
          </li>
        ))}
      </ol>
      <p aria-live="polite">{say(`guide.${guide.step}`, values)}</p>
      {action && guide.person && (
        <button type="button" class="primary" onClick={() => onAct(guide)}>
          {say(`guide.${action}.action`, values)}
        </button>
      )}
      <button type="button" class="quiet guide-hide" aria-label={say('guide.hide')} onClick={onHide}>
        ×
      </button>
    </aside>
  );
}

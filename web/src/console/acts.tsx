// What can be done with a request: the buttons, each with its key.
import type { Command } from './keys';
import { bindings, keyOf } from './keys';
import { decisionOf, isChanged } from './edits';
import { modeOf } from './desk';
import type { Key } from './scene';
import { useCase, useScene } from './scene';

interface Props {
  onCommand: (command: Command, at: number) => void;
}

const names: Partial<Record<Command, Key>> = {
  second: 'act.second', not_second: 'act.not_second', answer: 'act.answer', reply: 'act.reply', ask: 'act.ask', refuse: 'act.refuse',
  opinion: 'act.opinion', hand_on: 'act.hand_on', leave: 'act.leave',
};
const order: readonly Command[] = ['second', 'not_second', 'answer', 'reply', 'ask', 'refuse', 'opinion', 'hand_on', 'leave'];
const first: readonly Command[] = ['second', 'answer'];

function useDecide(): { text: Key; disabled: boolean; seconded: boolean } {
  const { state } = useScene();
  const { shown } = useCase();
  if (modeOf(state) === 'alone') return { text: 'act.alone', disabled: state.doing !== null, seconded: false };
  const changed = isChanged(state.edits);
  const unseen = changed && shown.reading !== null && (state.previewing || !state.preview);
  const disabled = decisionOf(shown.reading, state.edits) === null || unseen || state.doing !== null;
  const seconded = shown.task.four_eyes.includes(changed ? 'correct' : 'approve');
  if (shown.reading === null) return { text: 'act.blind', disabled, seconded };
  return { text: changed ? 'act.correct' : `act.approve.${shown.does}`, disabled, seconded };
}

export function Acts({ onCommand }: Props) {
  const { say, state } = useScene();
  const decide = useDecide();
  const mode = modeOf(state);
  const offered = order.filter((command) => bindings.some((each) => each.command === command && each.modes.includes(mode)));
  return (
    <section class="acts" aria-label={say('acts')}>
      {bindings.some((each) => each.command === 'decide' && each.modes.includes(mode)) && (
        <button type="button" class="primary" aria-keyshortcuts={keyOf('decide')} disabled={decide.disabled} onClick={(event) => onCommand('decide', event.timeStamp)}>
          {say(decide.text)}{decide.seconded && <small> ({say('act.propose')})</small>} <kbd aria-hidden="true">{keyOf('decide')}</kbd>
        </button>
      )}
      {offered.map((command) => (
        <button type="button" key={command} data-opens={command} class={first.includes(command) ? 'primary' : 'plain'} aria-keyshortcuts={keyOf(command)} disabled={state.doing !== null}
          onClick={(event) => onCommand(command, event.timeStamp)}>
          {say(names[command] ?? 'acts')} <kbd aria-hidden="true">{keyOf(command)}</kbd>
        </button>
      ))}
    </section>
  );
}

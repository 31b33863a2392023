// What the desk says when there is no request on it.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { countOf } from './bar';
import type { Command } from './keys';
import { keyOf } from './keys';
import type { Key } from './scene';
import { useScene } from './scene';

interface CalmProps {
  kind: string;
  title: string;
  children?: ComponentChildren;
}

/** A card in the middle; takes the focus, which the last request had. */
function Calm({ kind, title, children }: CalmProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), [title]);
  return (
    <section class={`calm ${kind}`} data-state={kind}>
      <h1 ref={heading} tabIndex={-1}>{title}</h1>
      {children}
    </section>
  );
}

interface Props {
  onCommand: (command: Command, at: number) => void;
}

function Next({ onCommand }: Props) {
  const { say } = useScene();
  return (
    <button type="button" class="primary large" onClick={(event) => onCommand('next', event.timeStamp)}>
      {say('next')} <kbd aria-hidden="true">{keyOf('next')}</kbd>
    </button>
  );
}

function Idle({ onCommand }: Props) {
  const { say, state } = useScene();
  const count = countOf(state.queue);
  const mine = state.queue?.mine.length ?? 0;
  const text: Key = mine > 0 ? 'idle.mine' : count === 0 ? 'idle.none' : state.empty ? 'idle.not_for_you' : 'idle.some';
  return (
    <Calm kind="idle" title={say('idle.title')}>
      <p class="count" aria-hidden="true">{mine > 0 ? mine : count}</p>
      <p role="status">{say(text)}</p>
      {(count > 0 || mine > 0) && <Next onCommand={onCommand} />}
    </Calm>
  );
}

function Done({ onCommand }: Props) {
  const { say, state } = useScene();
  const { done, lesson } = state;
  if (!done) return null;
  const title = say(done.proposed ? 'done.proposed' : (`done.${done.doing}` as Key));
  return (
    <Calm kind="done" title={title}>
      <p role="status">{say('done.gone')}</p>
      {lesson && <p role="status">{say(lesson.state === 'kept' ? 'lesson.kept' : 'lesson.dropped')}</p>}
      <p class="send">
        <Next onCommand={onCommand} />
        {done.corrected && !lesson && (
          <button type="button" class="plain large" onClick={(event) => onCommand('lesson', event.timeStamp)}>
            {say('act.lesson')} <kbd aria-hidden="true">{keyOf('lesson')}</kbd>
          </button>
        )}
      </p>
    </Calm>
  );
}

function Lost({ onCommand }: Props) {
  const { say, state, desk } = useScene();
  const why = state.why ?? 'gone';
  return (
    <Calm kind={`lost ${why}`} title={say(`lost.${why}.title` as Key)}>
      <p>{say(`lost.${why}.text` as Key)}</p>
      {desk.keeps && <p class="soft">{say('lost.kept')}</p>}
      {why !== 'paused' && <Next onCommand={onCommand} />}
    </Calm>
  );
}

/** The workstation is not good: what it is, what to do. Also before anybody has signed in. */
export function Cover({ why, typed }: { why: 'device' | 'posture' | 'network' | 'door'; typed: boolean }) {
  const { say } = useScene();
  return (
    <Calm kind={`covered ${why}`} title={say(`cover.${why}.title`)}>
      <p>{say(`cover.${why}.text`)}</p>
      <p class="do">{say(`cover.${why}.do`)}</p>
      {typed && <p class="soft">{say('cover.typed')}</p>}
    </Calm>
  );
}

export function NoCase({ onCommand }: Props) {
  const { say, state } = useScene();
  switch (state.phase) {
    case 'taking':
      return <p class="coming" aria-busy="true" role="status">{say('taking')}</p>;
    case 'done':
      return <Done onCommand={onCommand} />;
    case 'lost':
      return <Lost onCommand={onCommand} />;
    case 'covered':
      return <Cover why={state.why === 'device' || state.why === 'network' || state.why === 'door' ? state.why : 'posture'} typed={state.task !== null} />;
    default:
      return <Idle onCommand={onCommand} />;
  }
}

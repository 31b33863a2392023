import type { Explanation, Reading, Time } from '../api/types';
import { wordsAt } from '../pages/sandbox/highlight';
import type { Node } from '../pages/sandbox/said';
import { localDays, lossText, readingOf, stepText, treeOf, verdictOf } from '../pages/sandbox/said';
import { useScene, useTeller } from './context';

function Quote({ text, offset, length }: { text: string; offset: number; length: number }) {
  return <q class="why-words">{wordsAt(text, { offset, length })}</q>;
}

function Tree({ nodes, text }: { nodes: Node[]; text: string }) {
  const teller = useTeller();
  return (
    <ul class="why-tree">
      {nodes.map(({ step, parts }, i) => (
        <li key={i}>
          <Quote text={text} offset={step.offset} length={step.length} /> {stepText(step, teller)}
          {step.rule !== '' && <code class="why-rule">{step.rule}</code>}
          {parts.length > 0 && <Tree nodes={parts} text={text} />}
        </li>
      ))}
    </ul>
  );
}

function Rivals({ why, text }: { why: Explanation; text: string }) {
  const teller = useTeller();
  const { say } = teller;
  if (why.rivals.length === 0) return null;
  return (
    <>
      <p class="why-lost">{say('why.lost')}</p>
      <ul class="why-rivals">
        {why.rivals.map((rival, i) => (
          <li key={i}>
            <Quote text={text} offset={rival.offset} length={rival.length} /> {stepText(rival, teller)}{' '}
            <em>{lossText(rival, teller)}</em>
          </li>
        ))}
        {why.rivals_left > 0 && <li>{say('why.more', { count: why.rivals_left })}</li>}
      </ul>
    </>
  );
}

function Expression({ time, text }: { time: Time; text: string }) {
  const teller = useTeller();
  const why = time.explanation;
  return (
    <li>
      <p class="why-head">
        <Quote text={text} offset={time.offset} length={time.length} /> <strong>{readingOf(time, teller)}</strong>
        {why && why.stance !== 'none' && <span class={`why-stance is-${why.stance}`}>{verdictOf(why, text, teller)}</span>}
      </p>
      {why && why.placed !== '' && (
        <p class="why-lost">{teller.say('why.placed', { day: localDays(why.placed, teller) })}</p>
      )}
      {why && <Tree nodes={treeOf(why.steps)} text={text} />}
      {why && <Rivals why={why} text={text} />}
    </li>
  );
}

/** The whole derivation, for whoever wants to know. */
export function Why({ reading }: { reading: Reading }) {
  const { say } = useScene();
  const { text, times, cues, ignored } = reading;
  if (times.length + cues.length + ignored.length === 0) return null;
  return (
    <details class="why">
      <summary>{say('why.title')}</summary>
      <ol class="why-times">
        {times.map((time) => (
          <Expression key={time.offset} time={time} text={text} />
        ))}
      </ol>
      {ignored.length > 0 && (
        <>
          <p class="why-lost">{say('said.no_time')}</p>
          <ul class="why-rivals">
            {ignored.map((one) => (
              <li key={one.offset}>
                <Quote text={text} offset={one.offset} length={one.length} /> <em>{say(`mistake.${one.mistake}`)}</em>
              </li>
            ))}
          </ul>
        </>
      )}
      {cues.some((cue) => cue.decisive) && (
        <>
          <p class="why-lost">{say('said.cue', { intent: say(`intent.${reading.intent}`) })}</p>
          <ul class="why-rivals">
            {cues.filter((cue) => cue.decisive).map((cue, i) => (
              <li key={i}>
                <Quote text={text} offset={cue.offset} length={cue.length} /> <code class="why-rule">{cue.name}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </details>
  );
}

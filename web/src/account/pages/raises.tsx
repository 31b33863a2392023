// Rights for some hours: asked for with a reason, approved by somebody else, over by themselves.
import { useEffect, useId, useState } from 'preact/hooks';
import { deleteAccount, postAccount } from '../../api/client';
import type { Askable, NewRaise, Raise, Raises as RaisesAnswer } from '../../api/types';
import { Choice, Field, Note, Shown, Sure, Title, When } from '../parts';
import { sayOr, useAction, useLoaded, useScene } from '../scene';
import { leftUntil, lengthOf } from '../when';

const LENGTHS = [30, 60, 120, 240, 480];
const REASON_MIN = 8;

/** Now, again every half minute: for what counts down. */
function useNow(): number {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), 30_000);
    return () => clearInterval(timer);
  }, []);
  return Date.now();
}

function RaiseRow({ raise, now, reload }: { raise: Raise; now: number; reload: () => Promise<void> }) {
  const { say, refresh } = useScene();
  const glass = raise.cause === 'break_glass';
  const after = async () => {
    await reload();
    await refresh();
  };
  const approve = useAction(async () => {
    await postAccount(glass ? `/break-glass/${raise.id}/approve` : `/raises/${raise.id}/approve`);
    await after();
  });
  const end = useAction(async () => {
    await deleteAccount(`/raises/${raise.id}`);
    await after();
  });
  const right = glass ? say('raises.glass') : sayOr(say, 'right', raise.right);
  const what = raise.target ? say('raises.at', { right, organisation: raise.target }) : right;
  return (
    <li class={`row${raise.state === 'active' ? ' is-active' : ''}`}>
      <div class="row-main">
        <p class="row-title">
          {raise.mine ? what : `${raise.name} · ${what}`}{' '}
          <span class={`badge raise-${raise.state}`}>
            {raise.state === 'active' && raise.until ? say('raises.left', { time: leftUntil(raise.until, now) }) : sayOr(say, 'raise', raise.state)}
          </span>
        </p>
        <p class="row-more">
          {say('quoted', { text: raise.reason })} · {lengthOf(raise.minutes)} · {say('raises.asked')} <When at={raise.asked} />
          {raise.approver && ` · ${say('raises.by', { name: raise.approver })}`}
        </p>
        {(approve.error ?? end.error) && <Note error>{approve.error ?? end.error}</Note>}
      </div>
      <span class="acts">
        {raise.may_approve && (
          <button type="button" class="primary" disabled={approve.busy} onClick={() => void approve.run()}>{say('raises.approve')}</button>
        )}
        {raise.may_end && (
          <button type="button" class="plain" disabled={end.busy} onClick={() => void end.run()}>
            {say(raise.state === 'active' ? 'end' : raise.mine ? 'raises.withdraw' : 'raises.refuse')}
          </button>
        )}
      </span>
    </li>
  );
}

function Reason({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const { say } = useScene();
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{say('raises.reason')}</label>
      <textarea
        id={id}
        rows={2}
        required
        minLength={REASON_MIN}
        maxLength={500}
        aria-describedby={`${id}-hint`}
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
      />
      <div class="hint" id={`${id}-hint`}>{say('raises.reason.hint')}</div>
    </div>
  );
}

function AskForm({ rights, reload }: { rights: readonly Askable[]; reload: () => Promise<void> }) {
  const { say } = useScene();
  const [right, setRight] = useState(rights[0]?.id ?? '');
  const [reason, setReason] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [asked, setAsked] = useState(false);
  const ask = useAction(async () => {
    const wanted: NewRaise = { right, reason: reason.trim(), minutes: Number(minutes) };
    await postAccount('/raises', wanted);
    setReason('');
    setAsked(true);
    await reload();
  });
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      setAsked(false);
      void ask.run();
    }}>
      <Choice label={say('raises.right')} value={right} options={rights.map(({ id, sentence }) => ({ value: id, text: sayOr(say, 'right', id, sentence) }))} onValue={setRight} />
      <Reason value={reason} onValue={setReason} />
      <Choice label={say('raises.length')} value={minutes} options={LENGTHS.map((each) => ({ value: String(each), text: lengthOf(each) }))} onValue={setMinutes} />
      {ask.error && <Note error>{ask.error}</Note>}
      {asked && <Note>{say('raises.sent')}</Note>}
      <button type="submit" class="primary" disabled={ask.busy}>{say('raises.ask')}</button>
    </form>
  );
}

function GlassForm({ reload }: { reload: () => Promise<void> }) {
  const { say } = useScene();
  const [organisation, setOrganisation] = useState('');
  const [reason, setReason] = useState('');
  const ask = useAction(async () => {
    await postAccount('/break-glass', { organisation: organisation.trim(), reason: reason.trim() });
    setReason('');
    await reload();
  });
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <Field label={say('raises.organisation')} required value={organisation} onValue={setOrganisation} />
      <Reason value={reason} onValue={setReason} />
      {ask.error && <Note error>{ask.error}</Note>}
      {organisation.trim() !== '' && reason.trim().length >= REASON_MIN && (
        <Sure text={say('raises.glass.ask')} question={say('raises.glass.sure')} busy={ask.busy} onSure={() => void ask.run()} />
      )}
    </form>
  );
}

export function Raises() {
  const { say, me } = useScene();
  const loaded = useLoaded<RaisesAnswer>('/raises');
  const now = useNow();
  return (
    <>
      <Title intro={say('raises.intro')}>{say('page.raises')}</Title>
      <Shown loaded={loaded}>
        {({ raises, rights }) => (
          <>
            <section class="card">
              <h2>{say('raises.now')}</h2>
              {raises.length === 0 && <p class="intro">{say('raises.none')}</p>}
              <ul class="rows">
                {raises.map((raise) => <RaiseRow key={raise.id} raise={raise} now={now} reload={loaded.reload} />)}
              </ul>
            </section>
            {rights.length > 0 && (
              <section class="card">
                <h2>{say('raises.new')}</h2>
                <AskForm rights={rights} reload={loaded.reload} />
              </section>
            )}
            {me?.rights.includes('glass.break') && (
              <section class="card loud">
                <h2>{say('raises.glass')}</h2>
                <p class="intro">{say('raises.glass.intro')}</p>
                <GlassForm reload={loaded.reload} />
              </section>
            )}
          </>
        )}
      </Shown>
    </>
  );
}

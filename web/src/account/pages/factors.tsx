// What one signs in with: passkeys, a password with an application for codes, recovery codes.
import { useState } from 'preact/hooks';
import { ApiError, deleteAccount, postAccount } from '../../api/client';
import type { CodeStart, Factor, Factors as FactorsAnswer } from '../../api/types';
import { Copy, Field, Note, Shown, Sure, Title, When } from '../parts';
import { hintsOf, isRule } from '../password';
import { Qr } from '../qr';
import { sayOr, useAction, useLoaded, useScene } from '../scene';
import { creationOptions, credentialJson, passkeysWork } from '../webauthn';

/** "Windows", "macOS": a name to begin with; the person may write another. */
function deviceName(): string {
  const agent = navigator as Navigator & { userAgentData?: { platform?: string } };
  return agent.userAgentData?.platform ?? '';
}

export function AddPasskey({ onDone }: { onDone: () => Promise<void> }) {
  const { say } = useScene();
  const [name, setName] = useState(deviceName);
  const [givenUp, setGivenUp] = useState(false);
  const add = useAction(async () => {
    setGivenUp(false);
    const { flow, public_key } = await postAccount<{ flow: string; public_key: object }>('/factors/passkey/start');
    try {
      const credential = await navigator.credentials.create({ publicKey: creationOptions(public_key) });
      if (!(credential instanceof PublicKeyCredential)) return;
      await postAccount('/factors/passkey', { flow, credential: credentialJson(credential), name: name.trim() });
      await onDone();
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem;
      setGivenUp(true);
    }
  });
  if (!passkeysWork()) return <p class="hint">{say('factors.passkey.unable')}</p>;
  return (
    <form class="inline" onSubmit={(event) => {
      event.preventDefault();
      void add.run();
    }}>
      <Field label={say('factors.passkey.name')} required maxLength={100} value={name} onValue={setName} />
      <button type="submit" class="primary" disabled={add.busy}>{say('factors.passkey.add')}</button>
      {givenUp && <Note error>{say('factors.passkey.given_up')}</Note>}
      {add.error && <Note error>{add.error}</Note>}
    </form>
  );
}

export function AddCode({ onDone }: { onDone: () => Promise<void> }) {
  const { say } = useScene();
  const [begun, setBegun] = useState<CodeStart | null>(null);
  const [code, setCode] = useState('');
  const start = useAction(async () => setBegun(await postAccount<CodeStart>('/factors/code/start')));
  const add = useAction(async () => {
    await postAccount('/factors/code', { code: code.replace(/\s/g, ''), name: say('factor.code') });
    setBegun(null);
    setCode('');
    await onDone();
  });
  if (!begun)
    return (
      <>
        <button type="button" class="plain" disabled={start.busy} onClick={() => void start.run()}>{say('factors.code.start')}</button>
        {start.error && <Note error>{start.error}</Note>}
      </>
    );
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      void add.run();
    }}>
      <ol class="steps">
        <li>
          <p>{say('factors.code.scan')}</p>
          <Qr text={begun.uri} label={say('factors.code.qr')} />
          <p class="hint">
            {say('factors.code.by_hand')} <code class="secret">{(begun.secret.match(/.{1,4}/g) ?? []).join(' ')}</code>
          </p>
          <p><a href={begun.uri}>{say('factors.code.open')}</a></p>
        </li>
        <li>
          <Field label={say('factors.code.proof')} inputMode="numeric" autoComplete="one-time-code" required maxLength={9} value={code} onValue={setCode} />
          {add.error && <Note error>{add.error}</Note>}
          <button type="submit" class="primary" disabled={add.busy}>{say('factors.code.add')}</button>
        </li>
      </ol>
    </form>
  );
}

/** The server names one rule as the word of its refusal, or several in a list. */
const refusedRules = (failure: ApiError | null): readonly string[] => {
  if (!failure) return [];
  return failure.rules.length > 0 ? failure.rules : isRule(failure.code) ? [failure.code] : [];
};

function Rules({ password, refused }: { password: string; refused: readonly string[] }) {
  const { say } = useScene();
  const hints = hintsOf(password);
  const rows: [string, boolean][] = [
    [say('password.length'), hints.length],
    [say('password.classes'), hints.classes],
  ];
  return (
    <ul class="rules">
      {rows.map(([text, kept]) => (
        <li key={text} class={kept ? 'kept' : 'open'}>
          {text} <span class="hidden">({say(kept ? 'password.kept' : 'password.open')})</span>
        </li>
      ))}
      {refused.map((rule) => (
        <li key={rule} class="refused">{sayOr(say, 'password.rule', rule, say('password.refused'))}</li>
      ))}
    </ul>
  );
}

export function SetPassword({ change, onDone }: { change: boolean; onDone: () => Promise<void> }) {
  const { say } = useScene();
  const [old, setOld] = useState('');
  const [password, setPassword] = useState('');
  const [shown, setShown] = useState(false);
  const [done, setDone] = useState(false);
  const save = useAction(async () => {
    await postAccount('/factors/password', change ? { old, new: password } : { new: password });
    setOld('');
    setPassword('');
    setDone(true);
    await onDone();
  });
  const type = shown ? 'text' : 'password';
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      setDone(false);
      void save.run();
    }}>
      {change && <Field label={say('password.old')} type={type} autoComplete="current-password" required value={old} onValue={setOld} />}
      <Field
        label={say('password.new')}
        type={type}
        autoComplete="new-password"
        required
        value={password}
        onValue={(value) => {
          setPassword(value);
          save.clear();
        }}
        hint={<Rules password={password} refused={refusedRules(save.failure)} />}
      />
      <label class="check">
        <input type="checkbox" checked={shown} onChange={(event) => setShown(event.currentTarget.checked)} />
        {say('password.show')}
      </label>
      {save.error && <Note error>{save.error}</Note>}
      {done && <Note>{say('password.done')}</Note>}
      <button type="submit" class="plain" disabled={save.busy}>{say(change ? 'password.change' : 'password.set')}</button>
    </form>
  );
}

export function RecoveryCodes({ anew, onDone }: { anew: boolean; onDone: () => Promise<void> }) {
  const { say } = useScene();
  const [codes, setCodes] = useState<string[] | null>(null);
  const make = useAction(async () => setCodes((await postAccount<{ codes: string[] }>('/factors/recovery')).codes));
  if (!codes)
    return (
      <>
        {anew ? (
          <Sure text={say('recovery.anew')} question={say('recovery.sure')} busy={make.busy} onSure={() => void make.run()} />
        ) : (
          <button type="button" class="plain" disabled={make.busy} onClick={() => void make.run()}>{say('recovery.make')}</button>
        )}
        {make.error && <Note error>{make.error}</Note>}
      </>
    );
  return (
    <div class="once printed" role="group" aria-label={say('recovery.title')}>
      <p>{say('recovery.once')}</p>
      <ul class="codes">
        {codes.map((code) => <li key={code}><code>{code}</code></li>)}
      </ul>
      <p class="acts">
        <Copy text={codes.join('\n')} />
        <button type="button" class="plain" onClick={() => window.print()}>{say('print')}</button>
        <button type="button" class="primary" onClick={() => {
          setCodes(null);
          void onDone();
        }}>{say('recovery.kept')}</button>
      </p>
    </div>
  );
}

function FactorRow({ factor, reload }: { factor: Factor; reload: () => Promise<void> }) {
  const { say } = useScene();
  const remove = useAction(async () => {
    await deleteAccount(`/factors/${factor.id}`);
    await reload();
  });
  const kind = sayOr(say, 'factor', factor.kind);
  const name = factor.name || kind;
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-title">{name}</p>
        <p class="row-more">
          {name !== kind && `${kind} · `}
          {say('made')} <When at={factor.created} day />
          {' · '}
          {factor.used ? <>{say('used')} <When at={factor.used} day /></> : say('unused')}
          {factor.left !== undefined && ` · ${say('recovery.left', { count: factor.left })}`}
        </p>
        {remove.error && <Note error>{remove.error}</Note>}
      </div>
      <Sure text={say('remove')} question={say('factors.sure', { name })} busy={remove.busy} onSure={() => void remove.run()} />
    </li>
  );
}

export function FactorForms({ factors, onDone }: { factors: readonly Factor[]; onDone: () => Promise<void> }) {
  const { say } = useScene();
  const has = (kind: Factor['kind']) => factors.some((factor) => factor.kind === kind);
  return (
    <>
      <section class="card">
        <h2>{say('factor.passkey')}</h2>
        <p class="intro">{say('factors.passkey.intro')}</p>
        <AddPasskey onDone={onDone} />
      </section>
      <section class="card">
        <h2>{say('factors.second.title')}</h2>
        <p class="intro">{say('factors.second.intro')}</p>
        <h3>{say('factor.password')}</h3>
        <SetPassword change={has('password')} onDone={onDone} />
        <h3>{say('factor.code')}</h3>
        {has('code') && <p class="intro">{say('factors.code.there')}</p>}
        <AddCode onDone={onDone} />
      </section>
      <section class="card">
        <h2>{say('factor.recovery')}</h2>
        <p class="intro">{say('recovery.intro')}</p>
        <RecoveryCodes anew={has('recovery')} onDone={onDone} />
      </section>
    </>
  );
}

export function FactorList({ factors, reload }: { factors: readonly Factor[]; reload: () => Promise<void> }) {
  const { say } = useScene();
  return (
    <section class="card">
      <h2>{say('factors.own')}</h2>
      {factors.length === 0 && <p class="intro">{say('factors.none')}</p>}
      <ul class="rows">
        {factors.map((factor) => <FactorRow key={factor.id} factor={factor} reload={reload} />)}
      </ul>
    </section>
  );
}

export function Factors() {
  const { say, refresh } = useScene();
  const loaded = useLoaded<FactorsAnswer>('/factors');
  const again = async () => {
    await loaded.reload();
    await refresh();
  };
  return (
    <>
      <Title intro={say('factors.intro')}>{say('page.factors')}</Title>
      <Shown loaded={loaded}>
        {({ factors }) => (
          <>
            <FactorList factors={factors} reload={again} />
            <FactorForms factors={factors} onDone={again} />
          </>
        )}
      </Shown>
    </>
  );
}

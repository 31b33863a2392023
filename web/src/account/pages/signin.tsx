// Signing in: a passkey first; else address and password, then a code; or the organisation's provider.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, postAccount } from '../../api/client';
import type { LoginStart, Me, Provider, SignedIn } from '../../api/types';
import { CodeField, Field, Note, Title, To } from '../parts';
import { explain, useAction, useScene } from '../scene';
import { credentialJson, offersPasskeys, passkeysWork, requestOptions } from '../webauthn';

interface Props {
  why: 'over' | 'out' | 'sso' | null;
  /** Came by a link of an invitation that has no token any more */
  enrols: boolean;
  onSigned: (me: Me) => void;
}

const start = (address?: string) => postAccount<LoginStart>('/login/start', address ? { address } : {});

async function finish(flow: string, credential: Credential | null): Promise<Me | null> {
  if (!(credential instanceof PublicKeyCredential)) return null;
  return (await postAccount<SignedIn>('/login/passkey', { flow, credential: credentialJson(credential) })).me;
}

/** The person closed the browser's window, or took too long: nothing to say about. */
const isGivenUp = (problem: unknown) =>
  problem instanceof DOMException && ['NotAllowedError', 'AbortError'].includes(problem.name);

/** Passkeys that the browser offers in the field of the address, while the page is open. */
function useOffered(onSigned: (me: Me) => void) {
  const waiting = useRef<AbortController | null>(null);
  const stop = () => waiting.current?.abort();
  useEffect(() => {
    const offer = async () => {
      if (!(await offersPasskeys())) return;
      const own = new AbortController();
      waiting.current = own;
      const { flow, public_key } = await start();
      const credential = await navigator.credentials.get({
        publicKey: requestOptions(public_key), mediation: 'conditional', signal: own.signal,
      });
      const me = await finish(flow, credential);
      if (me) onSigned(me);
    };
    offer().catch(() => {}); // the button is there
    return stop;
  }, []);
  return stop;
}

function PasskeyButton({ onSigned, stop }: { onSigned: (me: Me) => void; stop: () => void }) {
  const { say } = useScene();
  const [givenUp, setGivenUp] = useState(false);
  const sign = useAction(async () => {
    setGivenUp(false);
    stop();
    const { flow, public_key } = await start();
    try {
      const me = await finish(flow, await navigator.credentials.get({ publicKey: requestOptions(public_key) }));
      if (me) onSigned(me);
    } catch (problem) {
      if (!isGivenUp(problem)) throw problem;
      setGivenUp(true);
    }
  });
  return (
    <div class="passkey">
      <button type="button" class="primary wide" disabled={sign.busy} onClick={() => void sign.run()}>
        {say('signin.passkey')}
      </button>
      <p class="hint">{say('signin.passkey.hint')}</p>
      {sign.error && <Note error>{sign.error}</Note>}
      {givenUp && <Note error>{say('signin.given_up')}</Note>}
    </div>
  );
}

interface CodeStepProps {
  flow: string;
  onSigned: (me: Me) => void;
  /** One answer to one sign-in: whatever was wrong, it begins anew */
  onBack: (error: string | null) => void;
}

function CodeStep({ flow, onSigned, onBack }: CodeStepProps) {
  const { say } = useScene();
  const [recovery, setRecovery] = useState(false);
  const [code, setCode] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const send = useAction(async () => {
    try {
      const path = recovery ? '/login/recovery' : '/login/code';
      onSigned((await postAccount<SignedIn>(path, { flow, code: code.replace(/\s/g, '') })).me);
    } catch (problem) {
      if (!(problem instanceof ApiError) || ![403, 409].includes(problem.status)) throw problem;
      onBack(explain(say, problem));
    }
  });
  useEffect(() => input.current?.focus(), [recovery]);
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      void send.run();
    }}>
      <CodeField
        recovery={recovery}
        hint={say(recovery ? 'signin.recovery.hint' : 'signin.code.hint')}
        value={code}
        onValue={setCode}
        inputRef={input}
      />
      {send.error && <Note error>{send.error}</Note>}
      <button type="submit" class="primary wide" disabled={send.busy}>{say('signin.enter')}</button>
      <p class="aside">
        <button type="button" class="link" onClick={() => setRecovery(!recovery)}>
          {say(recovery ? 'signin.use_code' : 'signin.use_recovery')}
        </button>
        <button type="button" class="link" onClick={() => onBack(null)}>{say('signin.back')}</button>
      </p>
    </form>
  );
}

/** After a provider that vouches for one factor only. */
export function SsoCode({ onSigned, onFailed }: { onSigned: () => void; onFailed: () => void }) {
  const { say } = useScene();
  const [code, setCode] = useState('');
  const send = useAction(async () => {
    try {
      await postAccount('/login/sso/code', { code: code.replace(/\s/g, '') });
      onSigned();
    } catch (problem) {
      setCode('');
      if (problem instanceof ApiError && problem.code !== 'wrong' && [403, 409].includes(problem.status)) onFailed();
      throw problem;
    }
  });
  return (
    <section class="card">
      <Title intro={say('signin.sso_code')}>{say('signin.title')}</Title>
      <form onSubmit={(event) => {
        event.preventDefault();
        void send.run();
      }}>
        <CodeField recovery={false} hint={say('signin.code.hint')} value={code} onValue={setCode} />
        {send.error && <Note error>{send.error}</Note>}
        <button type="submit" class="primary wide" disabled={send.busy}>{say('signin.enter')}</button>
      </form>
    </section>
  );
}

function Providers({ address }: { address: string }) {
  const { say } = useScene();
  const [providers, setProviders] = useState<Provider[] | null>(null);
  const find = useAction(async () => {
    const found = (await start(address.trim())).providers;
    setProviders(found);
    const only = found.length === 1 ? found[0] : undefined;
    if (only) location.assign(`/login/sso/${encodeURIComponent(only.id)}`);
  });
  return (
    <div class="providers">
      <button type="button" class="plain wide" disabled={find.busy || !address.includes('@')} onClick={() => void find.run()}>
        {say('signin.provider')}
      </button>
      {!address.includes('@') && <p class="hint">{say('signin.provider.hint')}</p>}
      {find.error && <Note error>{find.error}</Note>}
      {providers?.length === 0 && <Note error>{say('signin.provider.none')}</Note>}
      {providers && providers.length > 1 && (
        <ul>
          {providers.map((each) => (
            <li key={each.id}><a href={`/login/sso/${encodeURIComponent(each.id)}`}>{each.name}</a></li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function SignIn({ why, enrols, onSigned }: Props) {
  const { say } = useScene();
  const [address, setAddress] = useState('');
  const [password, setPassword] = useState('');
  const [flow, setFlow] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const stop = useOffered(onSigned);
  const next = useAction(async () => {
    setFailed(null);
    const begun = await start(address.trim());
    await postAccount('/login/password', { flow: begun.flow, address: address.trim(), password });
    stop();
    setPassword('');
    setFlow(begun.flow);
  });
  if (flow !== null)
    return (
      <section class="card">
        <Title intro={say('signin.second')}>{say('signin.title')}</Title>
        <CodeStep flow={flow} onSigned={onSigned} onBack={(error) => {
          setFailed(error);
          setFlow(null);
        }} />
      </section>
    );
  return (
    <section class="card">
      <Title>{say('signin.title')}</Title>
      {why === 'over' && <Note>{say('signin.over')}</Note>}
      {why === 'out' && <Note>{say('signin.out')}</Note>}
      {why === 'sso' && <Note error>{say('signin.sso_failed')}</Note>}
      {enrols && <Note>{say('signin.enrol')}</Note>}
      {failed && <Note error>{failed}</Note>}
      {passkeysWork() && <PasskeyButton onSigned={onSigned} stop={stop} />}
      <div class="or"><span>{say('or')}</span></div>
      <form onSubmit={(event) => {
        event.preventDefault();
        void next.run();
      }}>
        <Field label={say('address')} type="email" autoComplete="username webauthn" required value={address} onValue={setAddress} />
        <Field label={say('password')} type="password" autoComplete="current-password" required value={password} onValue={setPassword} />
        {next.error && <Note error>{next.error}</Note>}
        <button type="submit" class="plain wide" disabled={next.busy}>{say('signin.next')}</button>
      </form>
      <Providers address={address} />
      <p class="aside"><To page="lost">{say('signin.lost')}</To></p>
    </section>
  );
}

// "Is it still you?": asked where somebody changes what opens their account, and has shown no factor in the last
// minutes. What they wanted goes on by itself then.
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { onProofWanted, postAccount } from '../api/client';
import type { ProofStart } from '../api/types';
import { CodeField, Field, Note } from './parts';
import { useAction, useScene } from './scene';
import { credentialJson, passkeysWork, requestOptions } from './webauthn';

const start = () => postAccount<ProofStart>('/proof/start');

/** A flow is good for one try, whatever comes of it: the first is that which told the ways. */
function useFlows(): { ways: ProofStart | null; error: string | null; next: () => Promise<ProofStart> } {
  const [ways, setWays] = useState<ProofStart | null>(null);
  const unused = useRef<ProofStart | null>(null);
  const begin = useAction(async () => {
    unused.current = await start();
    setWays(unused.current);
  });
  useEffect(() => void begin.run(), []);
  const next = async () => {
    const flow = unused.current ?? (await start());
    unused.current = null;
    return flow;
  };
  return { ways, error: begin.error, next };
}

interface WayProps {
  next: () => Promise<ProofStart>;
  onProved: () => void;
}

function ByPasskey({ next, onProved }: WayProps) {
  const { say } = useScene();
  const [givenUp, setGivenUp] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const prove = useAction(async () => {
    setGivenUp(false);
    const { flow, public_key } = await next();
    try {
      const credential = await navigator.credentials.get({ publicKey: requestOptions(public_key) });
      if (!(credential instanceof PublicKeyCredential)) return;
      await postAccount('/proof/passkey', { flow, credential: credentialJson(credential) });
      onProved();
    } catch (problem) {
      if (!(problem instanceof DOMException)) throw problem;
      setGivenUp(true);
    }
  });
  useEffect(() => button.current?.focus(), []);
  return (
    <div class="passkey">
      <button type="button" ref={button} class="primary wide" disabled={prove.busy} onClick={() => void prove.run()}>
        {say('proof.passkey')}
      </button>
      {prove.error && <Note error>{prove.error}</Note>}
      {givenUp && <Note error>{say('proof.given_up')}</Note>}
    </div>
  );
}

function ByPassword({ ways, first, next, onProved }: WayProps & { ways: ProofStart; first: boolean }) {
  const { say, me } = useScene();
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(!ways.code);
  const begin = useRef<HTMLInputElement>(null);
  const prove = useAction(async () => {
    const { flow } = await next();
    await postAccount('/proof/password', { flow, password });
    await postAccount(recovery ? '/proof/recovery' : '/proof/code', { flow, code: code.replace(/\s/g, '') });
    onProved();
  });
  useEffect(() => {
    if (first) begin.current?.focus();
  }, []);
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      void prove.run();
    }}>
      <input type="text" autoComplete="username" value={me?.address ?? ''} readOnly hidden />
      <Field label={say('password')} type="password" autoComplete="current-password" required value={password} onValue={setPassword} inputRef={begin} />
      <CodeField recovery={recovery} value={code} onValue={setCode} />
      {prove.error && <Note error>{prove.error}</Note>}
      <button type="submit" class={first ? 'primary wide' : 'plain wide'} disabled={prove.busy}>{say('proof.password')}</button>
      {ways.code && ways.recovery && (
        <button type="button" class="link" onClick={() => setRecovery(!recovery)}>
          {say(recovery ? 'signin.use_code' : 'signin.use_recovery')}
        </button>
      )}
    </form>
  );
}

function Ways({ ways, next, onProved }: WayProps & { ways: ProofStart }) {
  const { say } = useScene();
  const passkey = ways.passkey && passkeysWork();
  const password = ways.code || ways.recovery;
  return (
    <>
      {passkey && <ByPasskey next={next} onProved={onProved} />}
      {passkey && password && <div class="or"><span>{say('or')}</span></div>}
      {password && <ByPassword ways={ways} first={!passkey} next={next} onProved={onProved} />}
      {ways.providers.length > 0 && (
        <div class="providers">
          {ways.providers.map(({ id, name }) => (
            <a key={id} href={`/login/sso/${encodeURIComponent(id)}`}>{say('proof.provider', { name })}</a>
          ))}
          <p class="hint">{say('proof.provider.hint')}</p>
        </div>
      )}
      {!passkey && !password && ways.providers.length === 0 && <Note error>{say('proof.none')}</Note>}
    </>
  );
}

function ProofDialog({ onEnd }: { onEnd: (proved: boolean) => void }) {
  const { say } = useScene();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const { ways, error, next } = useFlows();
  useEffect(() => dialog.current?.showModal(), []);
  const end = (proved: boolean) => {
    dialog.current?.close(); // gives the focus back
    onEnd(proved);
  };
  return (
    <dialog ref={dialog} class="card proof" aria-labelledby={`${id}-title`} aria-describedby={`${id}-why`} onCancel={(event) => {
      event.preventDefault();
      end(false);
    }}>
      <h2 id={`${id}-title`}>{say('proof.title')}</h2>
      <p class="intro" id={`${id}-why`}>{say('proof.why')}</p>
      {error && <Note error>{error}</Note>}
      {!ways && !error && <p class="coming" aria-busy="true">{say('loading')}</p>}
      {ways && <Ways ways={ways} next={next} onProved={() => end(true)} />}
      <button type="button" class="quiet" onClick={() => end(false)}>{say('cancel')}</button>
    </dialog>
  );
}

/** Stands by while somebody is signed in; one question at a time, however many requests wait for it. */
export function ProofGate() {
  const [end, setEnd] = useState<((proved: boolean) => void) | null>(null);
  useEffect(() => {
    let asked: Promise<boolean> | null = null;
    let answer = (_proved: boolean) => {};
    onProofWanted(() => {
      asked ??= new Promise((resolve) => {
        answer = (proved) => {
          asked = null;
          setEnd(null);
          resolve(proved);
        };
        setEnd(() => answer);
      });
      return asked;
    });
    return () => {
      onProofWanted(null);
      answer(false);
    };
  }, []);
  return end && <ProofDialog onEnd={end} />;
}

// Signing in: by a passkey alone.
import { useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, postConsole } from '../api/client';
import { credentialJson, passkeysWork, requestOptions } from '../account/webauthn';
import type { Key, Say } from './scene';
import { isRefusedHere, useScene } from './scene';
import type { Entered, PasskeyStart, Person } from './types';

export type Left = 'over' | 'out' | null;

async function enter(): Promise<Person | null> {
  const { flow, public_key } = await postConsole<PasskeyStart>('/login/start');
  const credential = await navigator.credentials.get({ publicKey: requestOptions(public_key) });
  if (!(credential instanceof PublicKeyCredential)) return null;
  return (await postConsole<Entered>('/login/passkey', { flow, credential: credentialJson(credential) })).me;
}

function explain(say: Say, error: unknown): string {
  if (error instanceof DOMException) return say('signin.given_up');
  if (!(error instanceof ApiError)) return say('notice.other');
  const byStatus: Record<number, Key> = { 0: 'notice.unreachable', 401: 'signin.wrong', 403: 'signin.wrong', 409: 'signin.given_up', 429: 'notice.slow', 503: 'notice.unavailable' };
  return say(byStatus[error.status] ?? 'notice.other');
}

interface Props {
  left: Left;
  keeps: boolean;
  onEntered: (me: Person) => void;
  onRefused: (why: 'device' | 'posture' | 'network' | 'door') => void;
}

export function SignIn({ left, keeps, onEntered, onRefused }: Props) {
  const { say } = useScene();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), [busy]);
  const go = async () => {
    setBusy(true);
    setError(null);
    try {
      const me = await enter();
      if (me) return onEntered(me);
    } catch (problem) {
      if (isRefusedHere(problem)) return onRefused(problem.code as 'device' | 'posture' | 'network' | 'door');
      setError(explain(say, problem));
    }
    setBusy(false);
  };
  return (
    <main id="main" tabIndex={-1} class="desk empty">
      <section class="calm signin">
        <h1>{say('signin.title')}</h1>
        <p>{say('signin.intro')}</p>
        {left && <p class="note" role="status">{say(`signin.${left}`)}</p>}
        {left === 'over' && keeps && <p class="soft">{say('signin.kept')}</p>}
        {passkeysWork() ? (
          <button type="button" ref={button} class="primary large" disabled={busy} onClick={() => void go()}>{say('signin.passkey')}</button>
        ) : <p class="note bad">{say('signin.no_passkeys')}</p>}
        <p class="soft">{say('signin.hint')}</p>
        {error && <p class="note bad" role="alert">{error}</p>}
      </section>
    </main>
  );
}

// From an invitation to an account that somebody can sign in to.
import { useEffect } from 'preact/hooks';
import { postAccount } from '../../api/client';
import type { Factors, Me, SignedIn } from '../../api/types';
import { Note, Shown, Title } from '../parts';
import { useAction, useLoaded, useScene } from '../scene';
import { FactorForms, FactorList } from './factors';

interface Props {
  token: string | null;
  onTaken: () => void;
  onSigned: (me: Me) => void;
}

function Steps() {
  const { say, leave } = useScene();
  const loaded = useLoaded<Factors>('/factors');
  const finish = useAction(async () => {
    await postAccount('/logout');
    leave('out');
  });
  return (
    <Shown loaded={loaded}>
      {({ factors, complete }) => (
        <>
          {factors.length > 0 && <FactorList factors={factors} reload={loaded.reload} />}
          {complete && (
            <section class="card ready">
              <h2>{say('enrol.ready')}</h2>
              <p class="intro">{say(factors.some((f) => f.kind === 'recovery') ? 'enrol.ready.text' : 'enrol.ready.recovery')}</p>
              <button type="button" class="primary" disabled={finish.busy} onClick={() => void finish.run()}>{say('enrol.finish')}</button>
              {finish.error && <Note error>{finish.error}</Note>}
            </section>
          )}
          <FactorForms factors={factors} onDone={loaded.reload} />
        </>
      )}
    </Shown>
  );
}

export function Enrol({ token, onTaken, onSigned }: Props) {
  const { say, me } = useScene();
  const begin = useAction(async (secret: string) => {
    onSigned((await postAccount<SignedIn>('/enrolment/start', { token: secret })).me);
    onTaken();
  });
  useEffect(() => {
    if (token !== null) void begin.run(token);
  }, [token]);
  if (token !== null)
    return (
      <section class="card">
        <Title>{say('enrol.title')}</Title>
        {begin.error ? (
          <>
            <Note error>{begin.failure && begin.failure.status < 500 && begin.failure.status !== 429 ? say('enrol.refused') : begin.error}</Note>
            <button type="button" class="plain" onClick={onTaken}>{say('lost.back')}</button>
          </>
        ) : (
          <p class="coming" aria-busy="true">{say('loading')}</p>
        )}
      </section>
    );
  return (
    <div class="column">
      <Title intro={say('enrol.intro')}>{say('enrol.welcome', { name: me?.name ?? '' })}</Title>
      <Steps />
    </div>
  );
}

import { deleteAccount } from '../../api/client';
import type { Session, Sessions as SessionsAnswer } from '../../api/types';
import { deviceOf } from '../device';
import { Note, Shown, Sure, Title, When } from '../parts';
import { sayOr, useAction, useLoaded, useScene } from '../scene';

function SessionRow({ session, reload }: { session: Session; reload: () => Promise<void> }) {
  const { say } = useScene();
  const end = useAction(async () => {
    await deleteAccount(`/sessions/${session.id}`);
    await reload();
  });
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-title">
          {deviceOf(session.agent) || say('sessions.somewhere')}
          {session.address && ` · ${session.address}`} {session.current && <span class="badge here">{say('sessions.this')}</span>}
        </p>
        <p class="row-more">
          {sayOr(say, 'began', session.factor || 'link')} · {say('sessions.begun')} <When at={session.begun} /> · {say('sessions.seen')}{' '}
          <When at={session.seen} /> · {say('ends')} <When at={session.ends} />
        </p>
        {end.error && <Note error>{end.error}</Note>}
      </div>
      {!session.current && (
        <button type="button" class="plain" disabled={end.busy} onClick={() => void end.run()}>{say('end')}</button>
      )}
    </li>
  );
}

export function Sessions() {
  const { say } = useScene();
  const loaded = useLoaded<SessionsAnswer>('/sessions');
  const endAll = useAction(async () => {
    await deleteAccount('/sessions');
    await loaded.reload();
  });
  return (
    <>
      <Title intro={say('sessions.intro')}>{say('page.sessions')}</Title>
      <Shown loaded={loaded}>
        {({ sessions }) => (
          <section class="card">
            <ul class="rows">
              {sessions.map((session) => <SessionRow key={session.id} session={session} reload={loaded.reload} />)}
            </ul>
            {endAll.error && <Note error>{endAll.error}</Note>}
            {sessions.length > 1 && (
              <p class="acts">
                <Sure text={say('sessions.end_all')} question={say('sessions.sure')} busy={endAll.busy} onSure={() => void endAll.run()} />
              </p>
            )}
          </section>
        )}
      </Shown>
    </>
  );
}

// For a lead: what is open, since when, and who has it. Nothing of the requests themselves.
import { useEffect, useState } from 'preact/hooks';
import { serverTime } from '../api/client';
import { lengthLeft } from './left';
import { LeadPage, useLoaded } from './loaded';
import { sayOr, useScene, useSeconds } from './scene';
import type { OpenTask, Queue } from './types';

function Row({ task, now, onTake }: { task: OpenTask; now: number; onTake: (task: string) => void }) {
  const { say } = useScene();
  const left = Date.parse(task.deadline) - now;
  return (
    <tr class={task.breached || left <= 0 ? 'late' : undefined}>
      <th scope="row"><code>{task.task}</code></th>
      <td>{sayOr(say, 'why', task.reason, say('why.other'))}</td>
      <td><span class={`badge priority-${task.priority}`}>{say(`priority.${task.priority}`)}</span></td>
      <td>{say(`tongue.${task.language}`)}</td>
      <td>{say(left <= 0 ? 'due.over' : 'due.left', { time: lengthLeft(Math.abs(left)) })}</td>
      <td>{say(`state.${task.state}`)}</td>
      <td>{task.taken_by ?? '–'}</td>
      <td>{task.state === 'waiting' && <button type="button" class="small" onClick={() => onTake(task.task)}>{say('open.take')}</button>}</td>
    </tr>
  );
}

export function OpenPage() {
  const { say, desk, state } = useScene();
  const loaded = useLoaded<Queue>('/queue');
  const now = useSeconds(serverTime);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => { // the desk asks more often than this page
    if (loaded.data !== null) void loaded.reload();
  }, [state.queue]);
  const take = async (task: string) => {
    setError(null);
    if (state.phase === 'case') return setError(say('notice.first'));
    location.hash = '';
    await desk.next(task);
  };
  return (
    <LeadPage name={say('open.title.page')} intro={say('open.intro')} loaded={loaded}>
      {({ open = [] }) => (
        <section class="panel" aria-label={say('open.title.page')}>
          {error && <p class="note bad" role="alert">{error}</p>}
          {open.length === 0 ? <p class="soft">{say('open.none')}</p> : (
            <div class="table" tabIndex={0} role="group" aria-label={say('open.title.page')}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">{say('open.id')}</th><th scope="col">{say('open.why')}</th><th scope="col">{say('priority')}</th><th scope="col">{say('language')}</th>
                    <th scope="col">{say('open.due')}</th><th scope="col">{say('open.state')}</th><th scope="col">{say('open.by')}</th><td />
                  </tr>
                </thead>
                <tbody>{open.map((task) => <Row key={task.task} task={task} now={now} onTake={(id) => void take(id)} />)}</tbody>
              </table>
            </div>
          )}
        </section>
      )}
    </LeadPage>
  );
}

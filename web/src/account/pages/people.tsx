import { useState } from 'preact/hooks';
import { postAccount } from '../../api/client';
import type { Account, People as PeopleAnswer } from '../../api/types';
import { Choice, Note, Shown, Sure, Title, To, When } from '../parts';
import { sayOr, useAction, useLoaded, useScene } from '../scene';

interface RowProps {
  account: Account;
  reload: () => Promise<void>;
}

function FunctionForm({ account, reload }: RowProps) {
  const { say } = useScene();
  const [chosen, setChosen] = useState(account.function);
  const change = useAction(async () => {
    await postAccount(`/people/${account.id}/function`, { function: chosen });
    await reload();
  });
  const options = [...new Set([account.function, ...account.functions])].map((value) => ({ value, text: sayOr(say, 'function', value) }));
  return (
    <span class="acts">
      <Choice label={say('people.function_of', { name: account.name })} hidden value={chosen} options={options} onValue={setChosen} />
      {chosen !== account.function && (
        <button type="button" class="primary" disabled={change.busy} onClick={() => void change.run()}>{say('people.change')}</button>
      )}
      {change.error && <Note error>{change.error}</Note>}
    </span>
  );
}

function PersonRow({ account, reload }: RowProps) {
  const { say, me } = useScene();
  const [invited, setInvited] = useState(false);
  const may = (right: string) => me?.rights.includes(right) === true && account.id !== me.person && account.state !== 'ended';
  const invite = useAction(async () => {
    await postAccount(`/people/${account.id}/invite`);
    setInvited(true);
    await reload();
  });
  const end = useAction(async () => {
    await postAccount(`/people/${account.id}/end`);
    await reload();
  });
  return (
    <li class={`row state-${account.state}`}>
      <div class="row-main">
        <p class="row-title">
          {account.name} <span class={`badge account-${account.state}`}>{sayOr(say, 'state', account.state)}</span>
        </p>
        <p class="row-more">
          {account.address && `${account.address} · `}{sayOr(say, 'function', account.function)}
          {account.ends && <> · {say('ends')} <When at={account.ends} day /></>}
        </p>
        {(invite.error ?? end.error) && <Note error>{invite.error ?? end.error}</Note>}
        {invited && <Note>{say('people.invited')}</Note>}
      </div>
      {account.functions.length > 0 && may('rights.change') && <FunctionForm account={account} reload={reload} />}
      <span class="acts">
        {account.kind === 'person' && account.state === 'invited' && may('rights.change') && (
          <button type="button" class="plain" disabled={invite.busy} onClick={() => void invite.run()}>{say('people.invite')}</button>
        )}
        {account.kind === 'person' && account.state === 'active' && may('rights.change') && (
          <Sure text={say('people.reset')} question={say('people.reset.sure', { name: account.name })} busy={invite.busy} onSure={() => void invite.run()} />
        )}
        {may('people.end') && (
          <Sure text={say('people.end')} question={say('people.sure', { name: account.name })} busy={end.busy} onSure={() => void end.run()} />
        )}
      </span>
    </li>
  );
}

export function People() {
  const { say, me } = useScene();
  const loaded = useLoaded<PeopleAnswer>('/people');
  const raised = me?.rights.some((right) => right === 'rights.change' || right === 'people.end') === true;
  return (
    <>
      <Title intro={say('people.intro')}>{say('page.people')}</Title>
      {!raised && me?.rights.includes('raises.ask') && (
        <p class="card tip-card">{say('people.raise')} <To page="raises">{say('people.raise.link')}</To></p>
      )}
      <Shown loaded={loaded}>
        {({ people }) => (
          <section class="card">
            <ul class="rows">
              {people.map((account) => <PersonRow key={account.id} account={account} reload={loaded.reload} />)}
            </ul>
          </section>
        )}
      </Shown>
    </>
  );
}

import { useState } from 'preact/hooks';
import { deleteAccount, postAccount } from '../../api/client';
import type { MadeToken, NewToken, Token, Tokens as TokensAnswer } from '../../api/types';
import { Copy, Field, Note, Shown, Sure, Title, When } from '../parts';
import { sayOr, useAction, useLoaded, useScene } from '../scene';
import { dateIn, daysUntil } from '../when';

/** Which scopes a person can give a token: never more than they may themself. */
const rightOf: Record<string, string> = { meetings: 'meetings.read', evidence: 'evidence.read', scim: 'people.provision', metrics: 'service.watch' };
export const scopesOf = (rights: readonly string[]): string[] =>
  Object.keys(rightOf).filter((scope) => rights.includes(rightOf[scope] ?? ''));

const DAYS_FIRST = 90;
const DAYS_MAX = 365;

function TokenRow({ token, reload }: { token: Token; reload: () => Promise<void> }) {
  const { say } = useScene();
  const end = useAction(async () => {
    await deleteAccount(`/tokens/${token.id}`);
    await reload();
  });
  return (
    <li class="row">
      <div class="row-main">
        <p class="row-title">{token.name}</p>
        <p class="row-more">
          {token.scopes.split(' ').map((scope) => sayOr(say, 'scope', scope)).join(', ')} · {say('made')} <When at={token.made} day /> ·{' '}
          {token.used ? <>{say('used')} <When at={token.used} day /></> : say('unused')} · {say('ends')} <When at={token.ends} day />
        </p>
        {end.error && <Note error>{end.error}</Note>}
      </div>
      <Sure text={say('end')} question={say('tokens.sure', { name: token.name })} busy={end.busy} onSure={() => void end.run()} />
    </li>
  );
}

function NewTokenForm({ scopes, reload }: { scopes: readonly string[]; reload: () => Promise<void> }) {
  const { say } = useScene();
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>(scopes.length === 1 ? scopes : []);
  const [ends, setEnds] = useState(() => dateIn(DAYS_FIRST, Date.now()));
  const [made, setMade] = useState<string | null>(null);
  const make = useAction(async () => {
    const wanted: NewToken = { name: name.trim(), scopes: [...chosen], days: daysUntil(ends, Date.now()) };
    setMade((await postAccount<MadeToken>('/tokens', wanted)).token);
    setName('');
    await reload();
  });
  if (made !== null)
    return (
      <div class="once" role="group" aria-label={say('tokens.made')}>
        <Note>{say('tokens.once')}</Note>
        <p><code class="secret">{made}</code></p>
        <p class="acts">
          <Copy text={made} />
          <button type="button" class="primary" onClick={() => setMade(null)}>{say('tokens.kept')}</button>
        </p>
      </div>
    );
  return (
    <form onSubmit={(event) => {
      event.preventDefault();
      void make.run();
    }}>
      <Field label={say('tokens.name')} hint={say('tokens.name.hint')} required maxLength={100} value={name} onValue={setName} />
      <fieldset>
        <legend>{say('tokens.scopes')}</legend>
        {scopes.map((scope) => (
          <label class="check" key={scope}>
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))}
            />
            {sayOr(say, 'scope', scope)}
          </label>
        ))}
      </fieldset>
      <Field
        label={say('tokens.ends')}
        type="date"
        required
        min={dateIn(1, Date.now())}
        max={dateIn(DAYS_MAX, Date.now())}
        value={ends}
        onValue={setEnds}
      />
      {make.error && <Note error>{make.error}</Note>}
      <button type="submit" class="primary" disabled={make.busy || chosen.length === 0}>{say('tokens.make')}</button>
    </form>
  );
}

export function Tokens() {
  const { say, me } = useScene();
  const loaded = useLoaded<TokensAnswer>('/tokens');
  const scopes = scopesOf(me?.rights ?? []);
  return (
    <>
      <Title intro={say('tokens.intro')}>{say('page.tokens')}</Title>
      <Shown loaded={loaded}>
        {({ tokens }) => (
          <>
            <section class="card">
              <h2>{say('tokens.own')}</h2>
              {tokens.length === 0 && <p class="intro">{say('tokens.none')}</p>}
              <ul class="rows">
                {tokens.map((token) => <TokenRow key={token.id} token={token} reload={loaded.reload} />)}
              </ul>
            </section>
            {scopes.length > 0 && (
              <section class="card">
                <h2>{say('tokens.new')}</h2>
                <NewTokenForm scopes={scopes} reload={loaded.reload} />
              </section>
            )}
          </>
        )}
      </Shown>
    </>
  );
}

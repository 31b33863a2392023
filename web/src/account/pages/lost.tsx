import { useState } from 'preact/hooks';
import { postAccount } from '../../api/client';
import { Field, Note, Title, To } from '../parts';
import { useAction, useScene } from '../scene';

/** A factor is lost. The answer is the same for everybody, so nobody learns who has an account. */
export function Lost() {
  const { say } = useScene();
  const [address, setAddress] = useState('');
  const [sent, setSent] = useState(false);
  const send = useAction(async () => {
    await postAccount('/lost', { address: address.trim() });
    setSent(true);
  });
  return (
    <section class="card">
      <Title intro={say('lost.intro')}>{say('lost.title')}</Title>
      {sent ? (
        <Note>{say('lost.sent')}</Note>
      ) : (
        <form onSubmit={(event) => {
          event.preventDefault();
          void send.run();
        }}>
          <Field label={say('address')} type="email" autoComplete="email" required value={address} onValue={setAddress} />
          {send.error && <Note error>{send.error}</Note>}
          <button type="submit" class="primary" disabled={send.busy}>{say('lost.send')}</button>
        </form>
      )}
      <p class="aside"><To page="home">{say('lost.back')}</To></p>
    </section>
  );
}

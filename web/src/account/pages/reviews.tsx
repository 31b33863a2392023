// The quarterly review of accesses: each item kept, changed or ended, by mouse or by keys.
import { useEffect, useRef, useState } from 'preact/hooks';
import { postAccount } from '../../api/client';
import type { Review, ReviewItem, Reviews as ReviewsAnswer } from '../../api/types';
import { Choice, Note, Shown, Title, To, When } from '../parts';
import type { Say } from '../scene';
import { sayOr, useAction, useLoaded, useScene } from '../scene';

export function Reviews() {
  const { say } = useScene();
  const loaded = useLoaded<ReviewsAnswer>('/reviews');
  return (
    <>
      <Title intro={say('reviews.intro')}>{say('page.reviews')}</Title>
      <Shown loaded={loaded}>
        {({ reviews }) => (
          <section class="card">
            {reviews.length === 0 && <p class="intro">{say('reviews.none')}</p>}
            <ul class="rows">
              {reviews.map((review) => (
                <li class="row" key={review.id}>
                  <div class="row-main">
                    <p class="row-title">
                      <To page="reviews" id={review.id}>{say('reviews.of')} <When at={review.opened} day /></To>
                    </p>
                    <p class="row-more">{say('reviews.due')} <When at={review.due} day /></p>
                  </div>
                  <span class={`badge ${review.mine > 0 ? 'raise-asked' : 'raise-over'}`}>
                    {say('reviews.open', { open: review.mine, total: review.items })}
                  </span>
                </li>
              ))}
            </ul>
          </section>
        )}
      </Shown>
    </>
  );
}

/** A person's function, or the right that was raised. */
function whatOf(say: Say, { what, function: held }: ReviewItem): string {
  if (what !== '') return `${what === 'break_glass' ? say('raises.glass') : sayOr(say, 'right', what)} · `;
  return held === '' ? '' : `${sayOr(say, 'function', held)} · `;
}

const decisions = ['keep', 'change', 'remove'] as const;
type Decision = (typeof decisions)[number];
/** By the first letter of the word, in either language. */
const keys: Record<string, Decision> = { k: 'keep', g: 'keep', c: 'change', m: 'change', r: 'remove' };

function classOf(decision: Decision, begun: Decision | null): string {
  if (decision === 'remove') return begun === 'remove' ? 'danger' : 'plain danger-text';
  return decision === 'change' && begun === 'change' ? 'primary' : 'plain';
}

interface ItemProps {
  review: string;
  item: ReviewItem;
  functions: readonly string[];
  onDecided: (id: string, decision: Decision) => void;
  onMove: (from: HTMLElement, by: 1 | -1) => void;
}

function Item({ review, item, functions, onDecided, onMove }: ItemProps) {
  const { say } = useScene();
  const [begun, setBegun] = useState<Decision | null>(null); // what is done at once is asked twice
  const [chosen, setChosen] = useState(functions.find((each) => each !== item.function) ?? item.function);
  const own = useRef<HTMLLIElement>(null);
  // Auditors see what others decide.
  const allowed = item.mine && item.decision === 'open' ? decisions.filter((decision) => decision !== 'change' || item.kind === 'account') : [];
  const decide = useAction(async (decision: Decision) => {
    const change = decision === 'change' ? { function: chosen } : {};
    await postAccount(`/reviews/${review}/decisions`, { item: item.id, decision, ...change });
    setBegun(null);
    onDecided(item.id, decision);
  });
  const press = (decision: Decision) => (decision !== 'keep' && begun !== decision ? setBegun(decision) : void decide.run(decision));
  const onKey = (event: KeyboardEvent) => {
    if (event.target !== own.current || event.ctrlKey || event.metaKey || event.altKey || !own.current) return;
    const decision = keys[event.key.toLowerCase()];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') onMove(own.current, event.key === 'ArrowDown' ? 1 : -1);
    else if (event.key === 'Escape' && begun) setBegun(null);
    else if (decision && allowed.includes(decision)) press(decision);
    else return;
    event.preventDefault();
  };
  return (
    <li class={`row review-item${item.decision === 'open' ? '' : ' is-decided'}`} ref={own} tabIndex={0} onKeyDown={onKey} data-item={item.id} aria-label={item.name}>
      <div class="row-main">
        <p class="row-title">
          {item.name} {item.decision !== 'open' && <span class={`badge decision-${item.decision}`}>{say(`decided.${item.decision}`)}</span>}
        </p>
        <p class="row-more">
          {sayOr(say, 'kind', item.kind)} · {whatOf(say, item)}
          {item.used && <>{say(item.kind === 'account' ? 'reviews.signed_in' : 'reviews.used')} <When at={item.used} day /></>}
          {!item.used && say(item.kind === 'account' ? 'reviews.never_in' : 'reviews.unused')}
          {!item.mine && item.reviewer_name && ` · ${say('reviews.by', { name: item.reviewer_name })}`}
        </p>
        {item.doubt && <p class="doubts"><span>{sayOr(say, 'doubt', item.doubt)}</span>{item.unused && ` ${item.unused}`}</p>}
        {decide.error && <Note error>{decide.error}</Note>}
      </div>
      <span class="acts">
        {begun === 'remove' && <span role="status">{say(item.kind === 'account' ? 'review.sure.account' : 'review.sure', { name: item.name })}</span>}
        {begun === 'change' && (
          <Choice
            label={say('people.function_of', { name: item.name })}
            hidden
            value={chosen}
            options={functions.map((value) => ({ value, text: sayOr(say, 'function', value) }))}
            onValue={setChosen}
          />
        )}
        {allowed.map((decision) => (
          <button
            type="button"
            key={decision}
            class={classOf(decision, begun)}
            disabled={decide.busy}
            onClick={() => press(decision)}
          >
            {say(`decide.${decision}`)}
          </button>
        ))}
      </span>
    </li>
  );
}

export function ReviewPage({ id }: { id: string }) {
  const { say } = useScene();
  const loaded = useLoaded<Review>(`/reviews/${id}`);
  const [decided, setDecided] = useState<Record<string, Decision>>({});
  const [next, setNext] = useState<{ id: string } | null>(null); // anew each time, though it be the same
  const list = useRef<HTMLUListElement>(null);
  const items = (loaded.data?.list ?? []).map((item) => ({ ...item, decision: decided[item.id] ?? item.decision }));
  const open = items.filter((item) => item.mine && item.decision === 'open').length;
  useEffect(() => {
    if (next) list.current?.querySelector<HTMLElement>(`[data-item="${CSS.escape(next.id)}"]`)?.focus();
  }, [next]);
  const onDecided = (item: string, decision: Decision) => {
    setDecided({ ...decided, [item]: decision });
    const at = items.findIndex((each) => each.id === item);
    const following = [...items.slice(at + 1), ...items.slice(0, at)].find((each) => each.mine && each.decision === 'open');
    setNext(following ? { id: following.id } : null);
  };
  const onMove = (from: HTMLElement, by: 1 | -1) =>
    ((by === 1 ? from.nextElementSibling : from.previousElementSibling) as HTMLElement | null)?.focus();
  return (
    <>
      <Title intro={say('review.intro')}>{say('review.title')}</Title>
      <p class="back"><To page="reviews">{say('review.back')}</To></p>
      <Shown loaded={loaded}>
        {(review) => (
          <section class="card">
            <p role="status" class="intro">{open > 0 ? say('review.left', { count: open }) : say('review.done')}</p>
            <ul class="rows" ref={list}>
              {items.map((item) => (
                <Item key={item.id} review={review.id} item={item} functions={review.functions} onDecided={onDecided} onMove={onMove} />
              ))}
            </ul>
          </section>
        )}
      </Shown>
    </>
  );
}

// The one place that fetches.
import type { NewMessage, Problem, SandboxState, Sent } from './types';

/** What the server said instead of an answer; status 0: it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
    /** About accounts: what would help (src/roles/api/README.md) */
    readonly code = '',
    /** Of a password: what it does not keep */
    readonly rules: readonly string[] = [],
    /** Status 429; 0: not said */
    readonly retrySeconds = 0,
  ) {
    super(detail);
  }
}

type Answer<T> = { is: 'good'; body: T } | { is: 'bad'; error: ApiError; type: string };

/** Asks the person to show once more that it is them: whether they did. Their session has another cookie then, so
 *  nothing else is asked meanwhile. */
let askForProof: (() => Promise<boolean>) | null = null;
let asking = 0;
export const proofIsAsked = (): boolean => asking > 0;
export function onProofWanted(ask: (() => Promise<boolean>) | null): void {
  askForProof = ask;
}
const PROOF_WANTED = 'urn:rendez:problem:proof';

/** How far the server's clock is ahead of this one: what counts down counts by the server's. Its header tells whole seconds. */
let ahead_ms = 0;
export const serverTime = (): number => Date.now() + ahead_ms;
function setClock(header: string | null): void {
  const ahead = Date.parse(header ?? '') + 500 - Date.now();
  if (!Number.isNaN(ahead)) ahead_ms = Math.abs(ahead) > 1500 ? ahead : 0;
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let answer = await once<T>(path, init);
  if (answer.is === 'bad' && answer.type === PROOF_WANTED && askForProof !== null) {
    asking++;
    const proved = await askForProof().finally(() => asking--);
    if (proved) answer = await once<T>(path, init);
  }
  if (answer.is === 'bad') throw answer.error;
  return answer.body;
}

async function once<T>(path: string, init?: RequestInit): Promise<Answer<T>> {
  let response: Response;
  const limit = AbortSignal.timeout(15_000);
  try {
    response = await fetch(path, { ...init, signal: init?.signal ? AbortSignal.any([limit, init.signal]) : limit });
  } catch {
    throw new ApiError(0, 'unreachable');
  }
  setClock(response.headers.get('Date'));
  if (response.ok) return { is: 'good', body: (await response.json()) as T };
  const problem = (await response.json().catch(() => null)) as Problem | null;
  const retry = Number(response.headers.get('Retry-After') ?? 0);
  const error = new ApiError(
    response.status, problem?.detail ?? response.statusText, problem?.code, problem?.rules, retry,
  );
  return { is: 'bad', error, type: problem?.type ?? '' };
}

/** What changes something says so by its type, which no form of another site can. */
const json = (method: string, body?: object): RequestInit => ({
  method,
  headers: { 'Content-Type': 'application/json' },
  ...(body === undefined ? {} : { body: JSON.stringify(body) }),
});

const account = (path: string) => `/api/v1${path}`;
export const getAccount = <T>(path: string): Promise<T> => request(account(path));
export const postAccount = <T>(path: string, body: object = {}): Promise<T> =>
  request(account(path), json('POST', body));
export const deleteAccount = (path: string): Promise<object> => request(account(path), json('DELETE'));

/** The supervisors' console is another server. */
const supervision = (path: string) => `/api/console${path}`;
export const getConsole = <T>(path: string): Promise<T> => request(supervision(path));
export const postConsole = <T>(path: string, body: object = {}, more: Pick<RequestInit, 'signal' | 'keepalive'> = {}): Promise<T> =>
  request(supervision(path), { ...json('POST', body), ...more });

export function getSandbox(since: number | null): Promise<SandboxState> {
  return request(`/api/v1/sandbox${since === null ? '' : `?since=${since}`}`);
}

export function postMessage(message: NewMessage): Promise<Sent> {
  return request('/api/v1/sandbox/messages', json('POST', message));
}

// The one place that fetches.
import type { NewMessage, Problem, SandboxState, Sent } from './types';

/** What the server said instead of an answer; status 0: it could not be reached. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    detail: string,
  ) {
    super(detail);
  }
}

async function request<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { ...init, signal: AbortSignal.timeout(15_000) });
  } catch {
    throw new ApiError(0, 'unreachable');
  }
  if (response.ok) return (await response.json()) as T;
  const problem = (await response.json().catch(() => null)) as Problem | null;
  throw new ApiError(response.status, problem?.detail ?? response.statusText);
}

export function getSandbox(since: number | null): Promise<SandboxState> {
  return request(`/api/v1/sandbox${since === null ? '' : `?since=${since}`}`);
}

export function postMessage(message: NewMessage): Promise<Sent> {
  return request('/api/v1/sandbox/messages', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(message),
  });
}

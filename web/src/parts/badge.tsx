import type { Meeting } from '../api/types';
import type { Say } from '../i18n';

export function StatusBadge({ status, say }: { status: Meeting['status']; say: Say }) {
  return <span class={`badge status-${status}`}>{say(`status.${status}`)}</span>;
}

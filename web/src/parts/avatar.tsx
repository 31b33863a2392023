const initials = (name: string) =>
  name
    .split(/[\s-]+/)
    .filter((word, i, all) => word !== '' && (i === 0 || i === all.length - 1))
    .map((word) => word.charAt(0).toUpperCase())
    .join('');

/** tone: 0 to 5, a colour of style/tokens.css; the assistant has its own. */
export function Avatar({ name, tone, small }: { name: string; tone: number | 'assistant'; small?: boolean }) {
  return (
    <span class={`avatar tone-${tone}${small ? ' small' : ''}`} aria-hidden="true">
      {tone === 'assistant' ? <span class="avatar-mark" /> : initials(name)}
    </span>
  );
}

// The words that led to a reading, as pieces of the text.
export interface Piece {
  text: string;
  marked: boolean;
}

export interface LinkPiece {
  text: string;
  /** Path of a personal page; null: plain text */
  href: string | null;
}

/** Finds the personal links of a mail and shortens how they look: their tokens say nothing
 *  to a reader. Addresses elsewhere stay plain text. */
export function links(text: string): LinkPiece[] {
  const out: LinkPiece[] = [];
  let at = 0;
  for (const match of text.matchAll(/(https?:\/\/[^\s/]+)(\/r\/[\w.~-]+)/g)) {
    const [whole, host = '', path = ''] = match;
    if (match.index > at) out.push({ text: text.slice(at, match.index), href: null });
    out.push({ text: `${host.replace(/^https?:\/\//, '')}${path.slice(0, 9)}…`, href: path });
    at = match.index + whole.length;
  }
  if (at < text.length) out.push({ text: text.slice(at), href: null });
  return out;
}

/** [offset, length] in UTF-8 bytes → [start, end) in UTF-16 units; spans that do not fit
 *  the text are left out, overlapping ones merged. */
export function toUnits(text: string, spans: readonly [number, number][]): [number, number][] {
  const units: number[] = []; // by byte offset
  let unit = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; i++) units.push(unit);
    unit += char.length;
  }
  units.push(unit);
  const ranges = spans
    .filter(([offset, length]) => offset >= 0 && length > 0 && offset + length < units.length)
    .map(([offset, length]): [number, number] => [units[offset] ?? 0, units[offset + length] ?? 0])
    .sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [start, end] of ranges) {
    const last = merged.at(-1);
    if (last && start <= last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

/** Cuts `body` where the spans of `read` (a part of it, or all) begin and end. */
export function pieces(body: string, read: string, spans: readonly [number, number][]): Piece[] {
  const shift = read === '' ? -1 : body.indexOf(read);
  if (shift < 0) return [{ text: body, marked: false }];
  const out: Piece[] = [];
  let at = 0;
  for (const [start, end] of toUnits(read, spans)) {
    if (start + shift > at) out.push({ text: body.slice(at, start + shift), marked: false });
    out.push({ text: body.slice(start + shift, end + shift), marked: true });
    at = end + shift;
  }
  if (at < body.length) out.push({ text: body.slice(at), marked: false });
  return out;
}

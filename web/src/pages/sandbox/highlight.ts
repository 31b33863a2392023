// Words of a mail that mean something, as pieces of its text.
export interface Span {
  /** UTF-8 bytes of the part that was read */
  offset: number;
  length: number;
}
export interface Piece<Mark extends Span> {
  text: string;
  mark: Mark | null;
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

/** From byte offsets of UTF-8 to UTF-16 units. */
function unitsOf(text: string): (byte: number) => number | undefined {
  const units: number[] = [];
  let unit = 0;
  for (const char of text) {
    const point = char.codePointAt(0) ?? 0;
    const bytes = point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    for (let i = 0; i < bytes; i++) units.push(unit);
    unit += char.length;
  }
  units.push(unit);
  return (byte) => units[byte];
}

/** The words of a span; empty when it does not fit the text. */
export function wordsAt(text: string, { offset, length }: Span): string {
  const unit = unitsOf(text);
  return text.slice(unit(offset) ?? 0, unit(offset + length) ?? 0);
}

/** Cuts `body` where the marks of `read` (a part of it, or all) begin and end. Marks that do
 *  not fit the text are left out; of two that overlap the one named first stays. */
export function pieces<Mark extends Span>(body: string, read: string, marks: readonly Mark[]): Piece<Mark>[] {
  const shift = read === '' ? -1 : body.indexOf(read);
  if (shift < 0) return [{ text: body, mark: null }];
  const unit = unitsOf(read);
  const kept: { start: number; end: number; mark: Mark }[] = [];
  for (const mark of marks) {
    const start = unit(mark.offset);
    const end = unit(mark.offset + mark.length);
    if (start === undefined || end === undefined || start >= end) continue;
    if (kept.every((other) => end <= other.start || start >= other.end)) kept.push({ start, end, mark });
  }
  const out: Piece<Mark>[] = [];
  let at = 0;
  for (const { start, end, mark } of kept.sort((a, b) => a.start - b.start)) {
    if (start + shift > at) out.push({ text: body.slice(at, start + shift), mark: null });
    out.push({ text: body.slice(start + shift, end + shift), mark });
    at = end + shift;
  }
  if (at < body.length) out.push({ text: body.slice(at), mark: null });
  return out;
}

// Instants in the words of the reader, in their own zone.
import type { Language } from '../i18n';
import { locale } from '../i18n/time';

const own = () => Intl.DateTimeFormat().resolvedOptions().timeZone;

export const dayOf = (iso: string, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'long', year: 'numeric', timeZone: own() }).format(
    new Date(iso),
  );

export const momentOf = (iso: string, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), {
    day: 'numeric', month: 'long', hour: '2-digit', minute: '2-digit', timeZone: own(),
  }).format(new Date(iso));

/** "1 h 05", "12 min"; what is over is "0 min". */
export function leftUntil(iso: string, now: number): string {
  const minutes = Math.max(0, Math.ceil((Date.parse(iso) - now) / 60_000));
  return lengthOf(minutes);
}

export function lengthOf(minutes: number): string {
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${String(rest).padStart(2, '0')}`}`;
}

/** For <input type="date">: so many days from now. */
export const dateIn = (days: number, now: number): string =>
  new Date(now + days * 86_400_000).toISOString().slice(0, 10);

/** Whole days until the end of such a date; 1 at least. */
export const daysUntil = (date: string, now: number): number =>
  Math.max(1, Math.ceil((Date.parse(`${date}T00:00:00Z`) - now) / 86_400_000));

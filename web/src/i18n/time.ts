// Instants in words, by Intl.
import type { Language } from './index';

export const locale = (language: Language) => (language === 'fr' ? 'fr-FR' : 'en-GB');

const formats = new Map<string, Intl.DateTimeFormat>();

/** Made once each: making one takes longer than what it is used for. */
export function formatOf(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale(language), options);
  formats.set(key, format);
  return format;
}

export const clock = (iso: string, zone: string, language: Language): string =>
  formatOf(language, { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(new Date(iso));

/* The parts with a space between: what else stands there ("Tue, 3 Mar") changes with the data
   that the browser was built with. */
function day(iso: string, zone: string, language: Language, width: 'short' | 'long'): string {
  const format = formatOf(language, { weekday: width, day: 'numeric', month: width, timeZone: zone });
  return format.formatToParts(new Date(iso)).filter((part) => part.type !== 'literal')
    .map((part) => part.value).join(' ');
}

export const dayShort = (iso: string, zone: string, language: Language) => day(iso, zone, language, 'short');

export const dayLong = (iso: string, zone: string, language: Language) => day(iso, zone, language, 'long');

/** "mar. 3 mars, 14:00 – 18:00"; both days where they differ. */
export function span(start: string, end: string, zone: string, language: Language): string {
  const from = dayShort(start, zone, language);
  const until = dayShort(end, zone, language);
  const hours = [clock(start, zone, language), clock(end, zone, language)];
  if (from === until) return `${from}, ${hours[0]} – ${hours[1]}`;
  if (hours[0] === '00:00' && hours[1] === '00:00') {
    const last = dayShort(new Date(Date.parse(end) - 60_000).toISOString(), zone, language);
    return from === last ? from : `${from} – ${last}`;
  }
  return `${from} ${hours[0]} – ${until} ${hours[1]}`;
}

/** Cities of zone names that French spells otherwise; the same as in src/roles/api/when.c. */
const french: Record<string, string> = {
  London: 'Londres', Brussels: 'Bruxelles', Lisbon: 'Lisbonne', Warsaw: 'Varsovie',
  Vienna: 'Vienne', Copenhagen: 'Copenhague', Athens: 'Athènes', Moscow: 'Moscou', Cairo: 'Le Caire',
  Algiers: 'Alger', Singapore: 'Singapour', Montreal: 'Montréal',
};

export function cityOf(zone: string, language: Language): string {
  const city = (zone.split('/').pop() ?? zone).replaceAll('_', ' ');
  return language === 'fr' ? (french[city] ?? city) : city;
}

// Instants in words, by Intl.
import type { Language } from './index';

export const locale = (language: Language) => (language === 'fr' ? 'fr-FR' : 'en-GB');

export function clock(iso: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(locale(language), { hour: '2-digit', minute: '2-digit', timeZone: zone }).format(
    new Date(iso),
  );
}

export function dayShort(iso: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(locale(language), {
    weekday: 'short', day: 'numeric', month: 'short', timeZone: zone,
  }).format(new Date(iso));
}

export function dayLong(iso: string, zone: string, language: Language): string {
  return new Intl.DateTimeFormat(locale(language), {
    weekday: 'long', day: 'numeric', month: 'long', timeZone: zone,
  }).format(new Date(iso));
}

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

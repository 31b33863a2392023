// Words of the pages. Keys are dotted paths; {name} stands for a value, and stays when
// there is none.
import en from './en.json';
import fr from './fr.json';

export type Language = 'fr' | 'en';
export const languages: readonly Language[] = ['fr', 'en'];
export type Key = keyof typeof en;

export type Values = Record<string, string | number>;
export type Say = (key: Key, values?: Values) => string;

/** "de Alice" → "d’Alice", "que Emma" → "qu’Emma": French before a filled-in name. */
const elide = (text: string) => text.replace(/\b(d|qu)e(?= [AEIOUÂÉÈÊÎÔ])/gi, '$1’').replace(/(?<=\b(?:d|qu)’) /gi, '');

/** A text of a catalogue with its places filled in. */
export function fill(language: Language, shape: string, values: Values): string {
  const text = shape.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  return language === 'fr' && text !== shape ? elide(text) : text;
}

const catalogues: Record<Language, Record<string, string>> = { fr, en };

export function sayIn(language: Language): Say {
  return (key, values = {}) => fill(language, catalogues[language][key] ?? key, values);
}

const reasons = ['hostile', 'complaint', 'asked', 'suspicious', 'unclear', 'conditional', 'series', 'occurrence', 'policy',
  'unsure', 'stuck'] as const;

/** Why a person looks at something; reasons that this page does not know get a common word. */
export const sayReason = (say: Say, reason: string) =>
  say(`supervision.${reasons.find((known) => known === reason) ?? 'other'}`);

/** The language of a browser that says these are its own. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  const known = (tag: string | null | undefined): Language | undefined =>
    languages.find((language) => tag?.toLowerCase().startsWith(language));
  return known(stored) ?? wanted.map(known).find((language) => language !== undefined) ?? 'en';
}

import { describe, expect, it } from 'vitest';
import accountEn from './account.en.json';
import accountFr from './account.fr.json';
import consoleEn from './console.en.json';
import consoleFr from './console.fr.json';
import en from './en.json';
import fr from './fr.json';
import { chooseLanguage, sayIn } from './index';
import { cityOf, span } from './time';

describe.each([
  ['sandbox', en, fr],
  ['account', accountEn, accountFr],
  ['console', consoleEn, consoleFr],
] as [string, Record<string, string>, Record<string, string>][])('catalogues (%s)', (_, english, french) => {
  it('have the same keys', () => {
    expect(Object.keys(french)).toEqual(Object.keys(english));
  });

  it('have a text for every key, with the same places', () => {
    const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
    for (const key of Object.keys(english)) {
      expect(english[key]?.trim(), key).not.toBe('');
      expect(french[key]?.trim(), key).not.toBe('');
      expect(new Set(places(french[key] ?? '')), key).toEqual(new Set(places(english[key] ?? '')));
    }
  });
});

describe('sayIn', () => {
  it.each([
    ['en', 'Alice', 'Alice’s mailbox'],
    ['fr', 'Marc', 'Boîte de Marc'],
    ['fr', 'Alice', 'Boîte d’Alice'],
    ['fr', 'Émile', 'Boîte d’Émile'],
  ] as const)('%s %s', (language, person, text) => {
    expect(sayIn(language)('mail.title', { person })).toBe(text);
  });

  it('leaves places without a value', () => {
    expect(sayIn('fr')('example.lunch.text')).toContain('{other}');
  });
});

describe('chooseLanguage', () => {
  it.each([
    [null, ['fr-CA', 'en'], 'fr'],
    [null, ['de-DE', 'en-GB', 'fr'], 'en'],
    [null, ['ja'], 'en'],
    [null, [], 'en'],
    ['fr', ['en'], 'fr'],
    ['xx', ['fr'], 'fr'],
  ] as const)('%s of %j', (stored, wanted, language) => {
    expect(chooseLanguage(stored, wanted)).toBe(language);
  });
});

describe('times', () => {
  it('name the day once', () => {
    expect(span('2026-03-03T13:00:00Z', '2026-03-03T17:00:00Z', 'Europe/Paris', 'fr')).toBe('mar. 3 mars, 14:00 – 18:00');
    expect(span('2026-03-03T13:00:00Z', '2026-03-03T17:00:00Z', 'Europe/London', 'en')).toBe('Tue 3 Mar, 13:00 – 17:00');
  });

  it('name whole days', () => {
    expect(span('2026-03-02T23:00:00Z', '2026-03-03T23:00:00Z', 'Europe/Paris', 'en')).toBe('Tue 3 Mar');
    expect(span('2026-03-02T23:00:00Z', '2026-03-05T23:00:00Z', 'Europe/Paris', 'en')).toBe('Tue 3 Mar – Thu 5 Mar');
  });

  it('name cities', () => {
    expect(cityOf('Europe/London', 'fr')).toBe('Londres');
    expect(cityOf('America/New_York', 'en')).toBe('New York');
  });
});

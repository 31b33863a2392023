import { describe, expect, it } from 'vitest';
import { links, pieces, wordsAt } from './highlight';

const at = (offset: number, length: number) => ({ offset, length });

describe('wordsAt', () => {
  it.each([
    ['abc', at(0, 2), 'ab'],
    ['été à 9h', at(0, 5), 'été'],
    ['été à 9h', at(9, 2), '9h'],
    ['👋 mardi', at(5, 5), 'mardi'],
    ['abc', at(1, 9), ''],
  ])('%s %j', (text, span, words) => {
    expect(wordsAt(text, span)).toBe(words);
  });
});

describe('links', () => {
  it('shortens personal links and leaves others alone', () => {
    expect(links('1. mardi\n   http://localhost:8080/r/HG1fdDNzbXQ2_-.~\n2. https://meet.example/x')).toEqual([
      { text: '1. mardi\n   ', href: null },
      { text: 'localhost:8080/r/HG1fdD…', href: '/r/HG1fdDNzbXQ2_-.~' },
      { text: '\n2. https://meet.example/x', href: null },
    ]);
    expect(links('javascript:alert(1)//r/x')).toEqual([{ text: 'javascript:alert(1)//r/x', href: null }]);
    expect(links('')).toEqual([]);
  });
});

describe('pieces', () => {
  const marked = (body: string, read: string, marks: ReturnType<typeof at>[]) =>
    pieces(body, read, marks).filter((p) => p.mark).map((p) => p.text);
  it('joins to the whole text', () => {
    const body = 'Bonjour,\nmardi à 9h ?\n\nMarc';
    const out = pieces(body, 'mardi à 9h ?', [at(9, 2), at(0, 5)]);
    expect(out.map((p) => p.text).join('')).toBe(body);
    expect(out.filter((p) => p.mark).map((p) => p.text)).toEqual(['mardi', '9h']);
    expect(out.find((p) => p.text === '9h')?.mark).toEqual(at(9, 2));
  });
  it('marks nothing where the part read is not there', () => {
    expect(pieces('abc', 'xyz', [at(0, 1)])).toEqual([{ text: 'abc', mark: null }]);
    expect(pieces('abc', '', [at(0, 1)])).toEqual([{ text: 'abc', mark: null }]);
  });
  it.each([
    ['the first named of two that overlap', [at(2, 3), at(0, 3), at(5, 1)], ['cde', 'f']],
    ['nothing that does not fit', [at(1, 9), at(-1, 2), at(0, 0), at(6, 1)], []],
    ['what ends with the text', [at(4, 2)], ['ef']],
  ])('keeps %s', (_, marks, texts) => {
    expect(marked('abcdef', 'abcdef', marks)).toEqual(texts);
  });
});

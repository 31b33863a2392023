import { describe, expect, it } from 'vitest';
import { links, pieces, toUnits } from './highlight';

describe('toUnits', () => {
  it.each([
    ['abc', [[0, 2]], [[0, 2]]],
    ['été à 9h', [[0, 5]], [[0, 3]]],
    ['été à 9h', [[9, 2]], [[6, 8]]],
    ['👋 mardi', [[5, 5]], [[3, 8]]],
    ['abcdef', [[3, 2], [0, 2], [1, 2]], [[0, 5]]],
    ['abc', [[1, 9]], []],
    ['abc', [[-1, 2], [0, 0]], []],
    ['abc', [[1, 2]], [[1, 3]]],
  ] as [string, [number, number][], [number, number][]][])('%s %j', (text, spans, units) => {
    expect(toUnits(text, spans)).toEqual(units);
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
  it('joins to the whole text', () => {
    const body = 'Bonjour,\nmardi à 9h ?\n\nMarc';
    const out = pieces(body, 'mardi à 9h ?', [[0, 5], [9, 2]]);
    expect(out.map((p) => p.text).join('')).toBe(body);
    expect(out.filter((p) => p.marked).map((p) => p.text)).toEqual(['mardi', '9h']);
  });
  it('marks nothing where the part read is not there', () => {
    expect(pieces('abc', 'xyz', [[0, 1]])).toEqual([{ text: 'abc', marked: false }]);
    expect(pieces('abc', '', [[0, 1]])).toEqual([{ text: 'abc', marked: false }]);
  });
});

import { describe, expect, it } from 'vitest';
import { hintsOf } from './password';

describe('hintsOf', () => {
  it.each([
    ['', false, false],
    ['abcdefgh', true, false],
    ['Abcdef1', false, true],
    ['Abcdefg1', true, true],
    ['abc def 1', true, true],
    ['ÉTÉ été 🌞', true, true],
    ['🌞🌞🌞🌞', false, false],
    ['a'.repeat(129), false, false],
  ] as const)('%s', (password, length, classes) => {
    expect(hintsOf(password)).toEqual({ length, classes });
  });
});

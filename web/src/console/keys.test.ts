import { describe, expect, it } from 'vitest';
import type { Command, Mode, Press } from './keys';
import { bindings, commandOf, digitOf, isTyping, keyOf } from './keys';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key, code: '', ctrlKey: false, metaKey: false, altKey: false, repeat: false, isComposing: false, ...more,
});

describe('commandOf', () => {
  it.each<[Press, Mode, Command | null]>([
    [press('n'), 'idle', 'next'],
    [press('N'), 'done', 'next'],
    [press('d'), 'case', 'decide'],
    [press('d'), 'seconding', 'second'],
    [press('d'), 'asked', 'answer'],
    [press('d'), 'idle', null],
    [press('d'), 'done', null],
    [press('x'), 'seconding', 'not_second'],
    [press('r'), 'asked', null],
    [press('r'), 'sample', null],
    [press('d'), 'sample', 'decide'],
    [press('d'), 'alone', 'decide'],
    [press('i'), 'alone', null],
    [press('Escape'), 'case', 'escape'],
    [press('?'), 'idle', 'help'],
    [press('k'), 'case', null],
    [press('3', { code: 'Digit3' }), 'case', 'offer'],
    [press('"', { code: 'Digit3' }), 'case', 'offer'], // AZERTY without Shift
    [press('3', { code: 'Numpad3' }), 'case', 'offer'],
    [press('0', { code: 'Digit0' }), 'case', null],
    [press('d', { ctrlKey: true }), 'case', null], // a bookmark
    [press('r', { metaKey: true }), 'case', null],
    [press('d', { repeat: true }), 'case', null], // held down: decided once
    [press('d', { isComposing: true }), 'case', null],
    [press('Enter'), 'case', null],
  ])('%#', (key, mode, command) => {
    expect(commandOf(key, mode)).toBe(command);
  });

  it('has no key twice in one mode', () => {
    const keys = bindings.flatMap(({ key, modes }) => modes.map((mode) => `${mode} ${key}`));
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe('digitOf', () => {
  it.each([
    [press('&', { code: 'Digit1' }), 1], [press('7', { code: 'Numpad7' }), 7], [press('4'), 4], [press('0', { code: 'Digit0' }), null],
    [press('a', { code: 'KeyQ' }), null],
  ])('%#', (key, digit) => {
    expect(digitOf(key)).toBe(digit);
  });
});

describe('isTyping', () => {
  it.each([
    [{ tagName: 'TEXTAREA' }, true],
    [{ tagName: 'SELECT' }, true],
    [{ tagName: 'INPUT', type: 'text' }, true],
    [{ tagName: 'INPUT' }, true],
    [{ tagName: 'INPUT', type: 'radio' }, false],
    [{ tagName: 'BUTTON' }, false],
    [{ tagName: 'DIV', isContentEditable: true }, true],
    [{ tagName: 'DIV' }, false],
    [null, false],
  ])('%j: %s', (place, typing) => {
    expect(isTyping(place)).toBe(typing);
  });
});

describe('keyOf', () => {
  it.each([['decide', 'D'], ['offer', '1–9'], ['escape', 'Esc'], ['help', '?']] as const)('%s: %s', (command, shown) => {
    expect(keyOf(command)).toBe(shown);
  });
});

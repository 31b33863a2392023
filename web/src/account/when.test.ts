import { expect, it } from 'vitest';
import { dateIn, daysUntil, leftUntil, lengthOf } from './when';

it.each([[0, '0 min'], [59, '59 min'], [60, '1 h'], [65, '1 h 05'], [480, '8 h']])('%i minutes', (minutes, text) => {
  expect(lengthOf(minutes)).toBe(text);
});

it('counts down by begun minutes and not below nothing', () => {
  const end = '2026-11-25T12:00:00Z';
  expect(leftUntil(end, Date.parse('2026-11-25T10:58:30Z'))).toBe('1 h 02');
  expect(leftUntil(end, Date.parse('2026-11-25T11:59:59Z'))).toBe('1 min');
  expect(leftUntil(end, Date.parse('2026-11-25T13:00:00Z'))).toBe('0 min');
});

it('names days for date fields', () => {
  expect(dateIn(90, Date.parse('2026-11-25T22:00:00Z'))).toBe('2027-02-23');
});

it('counts the days to a date', () => {
  const now = Date.parse('2026-11-25T22:00:00Z');
  expect(daysUntil('2027-02-23', now)).toBe(90);
  expect(daysUntil('2026-11-26', now)).toBe(1);
  expect(daysUntil('2026-11-01', now)).toBe(1);
});

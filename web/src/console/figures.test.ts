import { describe, expect, it } from 'vitest';
import { barsOf, calibrationOf, sharesOf, stepOf } from './figures';
import type { StatsConfidence, StatsDay, StatsGroup } from './types';

const day = (number: number, messages: number, doubts: number, judged = 0, agreed = 0): StatsDay => ({ day: number, messages, doubts, decided: judged, judged, agreed });
const group = (reason: string, decided: number, waited: number, most: number): StatsGroup =>
  ({ language: 'fr', reason, decided, judged: 0, agreed: 0, waited_s: waited, waited_p90_s: most, held_s: 0, held_p90_s: 0 });

describe('shares', () => {
  it('leave a gap where there was nothing', () => {
    expect(sharesOf([day(10, 4, 1), day(12, 0, 0), day(13, 10, 5)], 'day', 'doubts', 'messages'))
      .toEqual({ times: [10, 11, 12, 13].map((each) => each * 86_400), shares: [0.25, null, null, 0.5] });
  });
  it('go by weeks', () => {
    expect(sharesOf([day(4, 9, 0, 4, 3), day(18, 9, 0, 2, 2)], 'week', 'agreed', 'judged'))
      .toEqual({ times: [4, 11, 18].map((each) => each * 86_400), shares: [0.75, null, 1] });
  });
  it.each([[0, 'day'], [35, 'day'], [36, 'week']] as const)('of %i days are drawn by %s', (count, step) => {
    expect(stepOf(Array.from({ length: count }, (_, i) => day(i, 1, 0)))).toBe(step);
    expect(sharesOf([], step, 'doubts', 'messages')).toEqual({ times: [], shares: [] });
  });
});

describe('calibration', () => {
  const row = (from: number, until: number, samples: number, wrong: number, low: number, high: number): StatsConfidence => ({ from, until, samples, wrong, low, high });
  it('has each level in its middle, and none where nothing was judged', () => {
    expect(calibrationOf([row(900, 1000, 50, 1, 4, 105), row(0, 100, 0, 0, 0, 1000)])).toEqual({
      claimed: [0, 0.05, 0.95, 1], promised: [1, 0.95, 1 - 0.95, 0], observed: [null, null, 0.02, null],
      low: [null, null, 0.004, null], high: [null, null, 0.105, null],
    });
  });
});

describe('bars', () => {
  it('share one measure, the most frequent first', () => {
    const bars = barsOf([group('sample', 3, 100, 400), group('unsure', 9, 40, 100)], 'waited');
    expect(bars.map(({ group: { reason }, median, most }) => [reason, median, most])).toEqual([['unsure', 0.1, 0.25], ['sample', 0.25, 1]]);
  });
  it('of nothing have no length', () => {
    expect(barsOf([group('sample', 3, 0, 0)], 'held')).toMatchObject([{ median: 0, most: 0 }]);
  });
});

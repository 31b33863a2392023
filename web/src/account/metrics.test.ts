import { describe, expect, it } from 'vitest';
import type { MetricSeries } from '../api/types';
import { draw, ending, lastOf, plots, sayValue } from './metrics';

const of = (id: string) => plots.find((plot) => plot.id === id) ?? plots[0]!;
const series = (name: string, label: string, points: number[][]): MetricSeries => ({ name, label, unit: '', points });

describe('draw', () => {
  it('puts lines on one axis, with gaps', () => {
    const drawn = draw(of('queue'), [
      series('rendez_outbox_mails', 'role=planner', [[12, 5], [13, 6]]),
      series('rendez_mailin_queue_mails', 'role=mailin', [[10, 1], [12, 3]]),
      series('rendez_disk_free', 'role=logd', [[1, 1]]),
    ]);
    expect(drawn.times).toEqual([36_000, 39_600, 43_200, 46_800]);
    expect(drawn.lines.map((line) => [line.name, line.values])).toEqual([
      ['rendez_mailin_queue_mails', [1, null, 3, null]],
      ['rendez_outbox_mails', [null, null, 5, 6]],
    ]);
    expect(drawn.lines.map(lastOf)).toEqual([3, 6]);
  });

  it('adds up what several roles say', () => {
    const drawn = draw(of('errors'), [
      series('rendez_role_errors', 'role=api', [[1, 1], [2, 0]]),
      series('rendez_role_errors', 'role=planner', [[2, 4]]),
    ]);
    expect(drawn.lines.map((line) => line.values)).toEqual([[1, 4]]);
  });

  it('draws nothing of nothing', () => {
    expect(draw(of('disk'), [])).toEqual({ times: [], lines: [] });
    expect(draw(of('disk'), [series('rendez_disk_free', 'role=logd', [])])).toEqual({ times: [], lines: [] });
  });
});

describe('sayValue', () => {
  it.each([
    [0, 'bytes', 'en', '0 B'], [999, 'bytes', 'en', '999 B'], [45e6, 'bytes', 'fr', '45 Mo'], [26.44e9, 'bytes', 'en', '26.4 GB'],
    [26.44e9, 'bytes', 'fr', '26,4 Go'], [9e15, 'bytes', 'en', '9,000 TB'], [0.25, 'seconds', 'en', '250 ms'],
    [2.5, 'seconds', 'fr', '2,5 s'], [12, '', 'en', '12'],
  ] as const)('%d %s in %s', (value, unit, language, said) => {
    expect(sayValue(value, unit, language)).toBe(said);
  });
});

it('says first what runs out first', () => {
  const forecast = (name: string, ends: string | null) => ({ name, label: '', last: 1, limit: 0, ends });
  const said = ending([forecast('a', '2027-01-02T00:00:00Z'), forecast('b', null), forecast('c', '2026-12-01T00:00:00Z')]);
  expect(said.map((each) => each.name)).toEqual(['c', 'a']);
});

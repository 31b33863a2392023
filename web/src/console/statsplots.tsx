// The plots of the page of figures. Each stands beside a table with the same numbers.
import { useCallback, useMemo } from 'preact/hooks';
import type { Language } from '../i18n';
import { locale } from '../i18n/time';
import type { Colours, Drawing } from '../parts/plot';
import { PlotBox, axisOf } from '../parts/plot';
import { type Calibration, type Shares, barsOf, calibrationOf } from './figures';
import { lengthTaken } from './left';
import { sayOr, useScene } from './scene';
import type { StatsConfidence, StatsGroup } from './types';

const HEIGHT = 190;
const CALIBRATION_HEIGHT = 300;
const AXIS_SIZE = 56;
const CAP_PX = 4;

const percent = (language: Language) => (_: unknown, ticks: number[]) =>
  ticks.map((value) => `${(value * 100).toLocaleString(language, { maximumFractionDigits: 1 })}\u00a0%`);

function drawShares({ times, shares }: Shares, whole: boolean, colours: Colours, language: Language): Drawing {
  const axis = axisOf(colours);
  const day = new Intl.DateTimeFormat(locale(language), { day: 'numeric', month: 'short', timeZone: 'UTC' });
  return {
    options: {
      tzDate: (at) => new Date(at * 1000),
      scales: { x: { time: false }, y: { range: (_, __, max) => [0, whole ? 1 : max > 0 ? Math.min(1, max * 1.15) : 0.1] } },
      series: [{}, { stroke: colours.accent, width: 2, spanGaps: false, points: { show: times.length < 40, size: 5, fill: colours.accent } }],
      axes: [
        { ...axis, size: 30, space: 50, incrs: [1, 2, 7, 14, 28, 91].map((days) => days * 86_400), values: (_, ticks) => ticks.map((at) => day.format(at * 1000)) },
        { ...axis, size: AXIS_SIZE, values: percent(language) },
      ],
    },
    data: [times, shares],
  };
}

/** whole: the axis goes up to 100 % */
export function SharesPlot({ shares, label, whole = false }: { shares: Shares; label: string; whole?: boolean }) {
  const { language } = useScene();
  const draw = useCallback((colours: Colours) => drawShares(shares, whole, colours, language), [shares, whole, language]);
  return <PlotBox draw={draw} label={label} height={HEIGHT} />;
}

function drawCalibration(c: Calibration, words: { claimed: string; observed: string }, colours: Colours, language: Language): Drawing {
  const axis = axisOf(colours);
  const label = { labelFont: '12px system-ui, sans-serif', labelSize: 20, labelGap: 4 };
  return {
    options: {
      scales: { x: { time: false, range: [0, 1] }, y: { range: [0, 1] } },
      series: [
        {},
        { stroke: colours.soft, width: 1.5, dash: [6, 4], points: { show: false } },
        { stroke: colours.rust, width: 0, paths: () => null, points: { show: true, size: 8, fill: colours.rust, stroke: colours.rust } },
      ],
      axes: [
        { ...axis, ...label, label: words.claimed, space: 44, values: percent(language) },
        { ...axis, ...label, label: words.observed, size: AXIS_SIZE, values: percent(language) },
      ],
      hooks: {
        draw: [(plot) => {
          const { ctx } = plot;
          ctx.save();
          ctx.strokeStyle = colours.rust;
          ctx.lineWidth = 2 * devicePixelRatio;
          ctx.beginPath();
          c.claimed.forEach((claimed, i) => {
            const low = c.low[i] ?? null;
            const high = c.high[i] ?? null;
            if (low === null || high === null) return;
            const x = plot.valToPos(claimed, 'x', true);
            const cap = CAP_PX * devicePixelRatio;
            for (const y of [plot.valToPos(low, 'y', true), plot.valToPos(high, 'y', true)]) {
              ctx.moveTo(x - cap, y);
              ctx.lineTo(x + cap, y);
            }
            ctx.moveTo(x, plot.valToPos(low, 'y', true));
            ctx.lineTo(x, plot.valToPos(high, 'y', true));
          });
          ctx.stroke();
          ctx.restore();
        }],
      },
    },
    data: [c.claimed, c.promised, c.observed],
  };
}

export function CalibrationPlot({ rows }: { rows: readonly StatsConfidence[] }) {
  const { say, language } = useScene();
  const calibration = useMemo(() => calibrationOf(rows), [rows]);
  const draw = useCallback(
    (colours: Colours) => drawCalibration(calibration, { claimed: say('stats.claimed'), observed: say('stats.observed') }, colours, language),
    [calibration, say, language],
  );
  return (
    <>
      <PlotBox draw={draw} label={say('stats.errors')} height={CALIBRATION_HEIGHT} />
      <ul class="plot-keys" aria-hidden="true">
        <li><span class="dot" />{say('stats.observed_key')}</li>
        <li><span class="dashes" />{say('stats.promised_key')}</li>
      </ul>
    </>
  );
}

/** Median as a bar, nine in ten as a line behind it. */
export function TimeBars({ groups, of, title }: { groups: readonly StatsGroup[]; of: 'waited' | 'held'; title: string }) {
  const { say } = useScene();
  const bars = useMemo(() => barsOf(groups, of), [groups, of]);
  return (
    <div class="time-bars" role="img" aria-label={title}>
      <h3 aria-hidden="true">{title}</h3>
      <ul aria-hidden="true">
        {bars.map(({ group, median, most }) => (
          <li key={group.reason + group.language}>
            <span class="time-name">{sayOr(say, 'why', group.reason, say('why.other'))} <small>{group.language}</small></span>
            <span class="time-track">
              <span class="time-most" style={{ width: `${100 * most}%` }} />
              <span class="time-median" style={{ width: `${100 * median}%` }} />
            </span>
            <span class="time-said">{lengthTaken(group[`${of}_s`])} <small>{lengthTaken(group[`${of}_p90_s`])}</small></span>
          </li>
        ))}
      </ul>
    </div>
  );
}

// One plot, drawn by uPlot, which comes only with this page.
import { useEffect, useRef } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Drawn } from './metrics';
import { sayValue } from './metrics';
import { useScene } from './scene';

const HEIGHT = 170;
const dashes = [[], [6, 4], [2, 3]];

/** Colours are the page's, in light and dark. */
function colourOf(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim() || '#666';
}

export function PlotView({ drawn, label }: { drawn: Drawn; label: string }) {
  const { language } = useScene();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (!current) return;
    let plot: uPlot | null = null;
    let gone = false;
    const watch = new ResizeObserver(() => plot?.setSize({ width: current.clientWidth, height: HEIGHT }));
    void import('uplot').then(({ default: Plot }) => {
      if (gone) return;
      const unit = drawn.lines[0]?.unit ?? '';
      const soft = colourOf(current, '--soft');
      const axis = { stroke: soft, grid: { stroke: colourOf(current, '--line'), width: 1 }, ticks: { show: false } };
      const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
      const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
      const long = (drawn.times.length - 1) / 24 > 2;
      plot = new Plot(
        {
          width: current.clientWidth,
          height: HEIGHT,
          legend: { show: false },
          cursor: { show: false },
          scales: { y: { range: (_, min, max) => [Math.min(0, min ?? 0), max > 0 ? max * 1.1 : 1] } },
          series: [{}, ...drawn.lines.map((line, i) => ({
            label: line.name, stroke: colourOf(current, '--accent'), width: 2, dash: dashes[i] ?? [], spanGaps: false,
            points: { show: drawn.times.length < 3 },
          }))],
          axes: [
            { ...axis, space: 70, values: (_, ticks) => ticks.map((at) => (long ? day : time).format(at * 1000)) },
            { ...axis, size: 64, values: (_, ticks) => ticks.map((value) => sayValue(value, unit, language)) },
          ],
        },
        [drawn.times, ...drawn.lines.map((line) => line.values)],
        current,
      );
      watch.observe(current);
    });
    return () => {
      gone = true;
      watch.disconnect();
      plot?.destroy();
    };
  }, [drawn, language]);
  return <div class="plot" ref={place} role="img" aria-label={label} />;
}

import { useCallback } from 'preact/hooks';
import type { Language } from '../i18n';
import type { Colours, Drawing } from '../parts/plot';
import { PlotBox, axisOf } from '../parts/plot';
import type { Drawn } from './metrics';
import { sayValue } from './metrics';
import { useScene } from './scene';

const HEIGHT = 170;
const dashes = [[], [6, 4], [2, 3]];

function draw(drawn: Drawn, colours: Colours, language: Language): Drawing {
  const unit = drawn.lines[0]?.unit ?? '';
  const axis = axisOf(colours);
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short' });
  const time = new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' });
  const long = (drawn.times.length - 1) / 24 > 2;
  return {
    options: {
      scales: { y: { range: (_, min, max) => [Math.min(0, min ?? 0), max > 0 ? max * 1.1 : 1] } },
      series: [{}, ...drawn.lines.map((line, i) => ({
        label: line.name, stroke: colours.accent, width: 2, dash: dashes[i] ?? [], spanGaps: false,
        points: { show: drawn.times.length < 3 },
      }))],
      axes: [
        { ...axis, space: 70, values: (_, ticks) => ticks.map((at) => (long ? day : time).format(at * 1000)) },
        { ...axis, size: 64, values: (_, ticks) => ticks.map((value) => sayValue(value, unit, language)) },
      ],
    },
    data: [drawn.times, ...drawn.lines.map((line) => line.values)],
  };
}

export function PlotView({ drawn, label }: { drawn: Drawn; label: string }) {
  const { language } = useScene();
  const drawing = useCallback((colours: Colours) => draw(drawn, colours, language), [drawn, language]);
  return <PlotBox draw={drawing} label={label} height={HEIGHT} />;
}

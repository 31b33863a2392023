// One plot, drawn by uPlot, which comes only with a page that has one. What it says must stand in words or a table beside it.
import { useEffect, useRef, useState } from 'preact/hooks';
import type uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** The page's colours, in light and dark. */
export type Colours = Record<'soft' | 'line' | 'accent' | 'ink' | 'rust', string>;

export interface Drawing {
  options: Omit<uPlot.Options, 'width' | 'height' | 'legend' | 'cursor'>;
  data: uPlot.AlignedData;
}

const names = { soft: '--soft', line: '--line', accent: '--accent', ink: '--ink', rust: '--rust-text' } as const;

function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  return Object.fromEntries(Object.entries(names).map(([name, variable]) => [name, style.getPropertyValue(variable).trim() || '#666'])) as Colours;
}

/** Counts changes of what the page is drawn in: dark or light, screen or paper. */
function useMedia(): number {
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    const lists = ['(prefers-color-scheme: dark)', 'print'].map((query) => matchMedia(query));
    const changed = () => setChanges((count) => count + 1);
    for (const list of lists) list.addEventListener('change', changed);
    return () => {
      for (const list of lists) list.removeEventListener('change', changed);
    };
  }, []);
  return changes;
}

export const axisOf = ({ soft, line }: Colours): uPlot.Axis => ({ stroke: soft, grid: { stroke: line, width: 1 }, ticks: { show: false } });

/** `draw` is another function when something else is to be drawn, and only then. */
export function PlotBox({ draw, label, height }: { draw: (colours: Colours) => Drawing; label: string; height: number }) {
  const place = useRef<HTMLDivElement>(null);
  const media = useMedia();
  useEffect(() => {
    const { current } = place;
    if (!current) return;
    let plot: uPlot | null = null;
    let gone = false;
    const watch = new ResizeObserver(() => plot?.setSize({ width: current.clientWidth, height }));
    void import('uplot').then(({ default: Plot }) => {
      if (gone) return;
      const { options, data } = draw(coloursOf(current));
      plot = new Plot({ ...options, width: current.clientWidth, height, legend: { show: false }, cursor: { show: false } }, data, current);
      watch.observe(current);
    });
    return () => {
      gone = true;
      watch.disconnect();
      plot?.destroy();
    };
  }, [draw, height, media]);
  return <div class="plot" ref={place} role="img" aria-label={label} />;
}

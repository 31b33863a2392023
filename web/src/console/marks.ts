// How long a key was waited for: from the press until what answers it is on the screen, what the server was asked for it
// included. Kept as measures of the browser, of which nobody is told; tests read them.
const MEASURES_MAX = 200;
let count = 0;

/** Once the browser has painted what has just been put in order. */
export const painted = () =>
  new Promise<void>((resolve) => requestAnimationFrame(() => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(null);
  }));

/** `at`: the event's timeStamp; `answer` is done when the page's state is. */
export async function measured(name: string, at: number, answer: Promise<unknown> | void): Promise<void> {
  await answer;
  await painted();
  if (++count % MEASURES_MAX === 0) performance.clearMeasures();
  performance.measure(`key ${name}`, { start: at, end: performance.now() });
}

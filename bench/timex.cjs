// node timex.cjs SECONDS CORPUS.jsonl…: reads each text of the corpora with chrono-node, in its
// language, over and over; prints "lang texts texts_a_second" of the best pass of each language, by
// the wall or by the processor (which counts its helper threads too), whichever is better for it.
// Needs `npm ci` in this folder.
const { readFileSync } = require('node:fs');
const chrono = require('chrono-node');

const [seconds, ...files] = process.argv.slice(2);
const cases = files.flatMap((file) =>
  readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)));
const clock = () => Number(process.hrtime.bigint()) / 1e9;
for (const [lang, parser] of Object.entries({ en: chrono.en, fr: chrono.fr })) {
  const texts = cases.filter((one) => one.lang === lang).map(({ text, ref }) => [text, new Date(ref)]);
  if (texts.length === 0) continue;
  let best = 0;
  for (const end = clock() + Number(seconds); clock() < end;) {
    const start = clock(), before = process.cpuUsage();
    for (const [text, ref] of texts) parser.parse(text, ref);
    const used = process.cpuUsage(before);
    const took = Math.min(clock() - start, (used.user + used.system) / 1e6);
    best = Math.max(best, texts.length / took);
  }
  console.log(lang, texts.length, best.toFixed(0));
}

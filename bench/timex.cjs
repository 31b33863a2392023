// node timex.cjs CORPUS.jsonl…: reads each text of the corpora with chrono-node, in its language,
// three times; prints texts a second of the best pass. Needs `npm ci` in this folder.
const { readFileSync } = require('node:fs');
const chrono = require('chrono-node');

const cases = process.argv.slice(2).flatMap((file) =>
  readFileSync(file, 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line)));
const parsers = { fr: chrono.fr, en: chrono.en };
let best = 0;
for (let pass = 0; pass < 3; pass++) {
  const start = process.hrtime.bigint();
  for (const { text, ref, lang } of cases) parsers[lang].parse(text, new Date(ref));
  best = Math.max(best, cases.length / (Number(process.hrtime.bigint() - start) / 1e9));
}
console.log(best.toFixed(0));

// A decision in words, for who is to second it.
import type { Language } from '../i18n';
import { span } from '../i18n/time';
import { actOf } from './edits';
import type { Say } from './scene';
import { colon, sayOr } from './scene';
import type { Decision, SaidReading } from './types';

interface Words {
  say: Say;
  language: Language;
  zone: string;
  label: (id: string) => string;
}

function changesOf(reading: SaidReading, { say, language, zone, label }: Words): string[] {
  const numbers = (list: readonly number[]) => list.join(', ') || '–';
  const rows: [string, string | undefined][] = [
    [say('read.intent'), reading.intent && sayOr(say, 'intent', reading.intent)],
    [say('read.kind'), reading.kind === undefined ? undefined : sayOr(say, 'kind', reading.kind, say('read.none'))],
    [say('read.minutes'), reading.duration_min === undefined ? undefined : say('read.minutes.count', { count: reading.duration_min })],
    [say('read.place'), reading.place],
    [say('read.people'), reading.people?.map((each) => `${each.id ? label(each.id) : each.name || each.address || ''}: ${sayOr(say, 'role', each.role)}`).join('; ')],
    [say('offer.accepted'), reading.accepted && numbers(reading.accepted)],
    [say('offer.refused'), reading.refused && numbers(reading.refused)],
    [say('read.windows'), reading.windows?.map((each) => `${span(each.start, each.end, zone, language)} (${say(`wish.${each.wish}`)})`).join('; ')],
  ];
  return rows.flatMap(([name, value]) => (value === undefined ? [] : [`${name}${colon(language)}${value || '–'}`]));
}

/** The act, then what it says, line by line. */
export function sayDecision(decision: Decision, words: Words): string {
  const said = decision.take_over ?? decision.ask_back?.text ?? decision.text ?? '';
  const lines = decision.reading ? changesOf(decision.reading, words) : said === '' ? [] : [said];
  return [words.say(`proposed.${actOf(decision)}`), ...lines].join('\n');
}

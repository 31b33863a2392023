// A console with five or so requests, as planner and authd would have them, so that its pages can be tried without the rest of
// the service. It lives in the spec's own process: the spec sees what was asked (`asked`), and says what goes wrong (`world`).
import { readFile } from 'node:fs/promises';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { once } from 'node:events';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  Case, CaseReading, CaseTask, Decision, Draft, Lesson, OpenTask, PartDraft, PartPeople, PartWords, Person, Queue, ReadWindow, SaidReading, Stats,
} from '../../web/src/console/types';
import { mondayOf } from '../../web/src/pages/sandbox/week';
import { instantOf } from '../../web/src/console/week';

const ZONE = 'Europe/Paris';
const MINUTE = 60_000;
const monday = mondayOf(Math.floor(Date.now() / 86_400_000)) + 7;

/** Of next week: 1 is Monday. */
const at = (weekday: number, clock: string): string => {
  const [hour = 0, minute = 0] = clock.split(':').map(Number);
  return new Date(instantOf({ day: monday + weekday - 1, minute: hour * 60 + minute }, ZONE)).toISOString();
};
const ago = (minutes: number): string => new Date(Date.now() - minutes * MINUTE).toISOString();
const words = (text: string, piece: string) => ({
  at: Buffer.byteLength(text.slice(0, text.indexOf(piece))), len: text.includes(piece) ? Buffer.byteLength(piece) : 0,
});
const windowOf = (text: string, piece: string, start: string, end: string, wish: ReadWindow['wish'] = 'wanted'): ReadWindow =>
  ({ start, end, wish, ...words(text, piece) });

const people: Case['people'] = [
  { id: 'P1', label: 'A. M. · a…', role: 'organiser', active: true },
  { id: 'P2', label: 'M. D. · n…', role: 'required', active: true },
  { id: 'P3', label: 'E. K. · n…', role: 'optional', active: true },
];
const full: PartPeople = {
  people: [
    { id: 'P1', name: 'Alice Moreau', address: 'alice.moreau@atelier-boreal.example', phone: '' },
    { id: 'P2', name: 'Marc Delattre', address: 'marc.delattre@noroit.example', phone: '06 00 00 00 00' },
    { id: 'P3', name: 'Emma Keller', address: 'emma.keller@noroit.example', phone: '' },
  ],
};
const named = (text: string) => full.people.reduce((out, { id, name }) => out.replaceAll(`[${id}]`, name.split(' ')[0] ?? name), text).replaceAll('[…]', '06 00 00 00 00');

const taskOf = (id: string, reason: string, more: Partial<CaseTask> = {}): CaseTask => ({
  id, reason, reason_words: [], opened: ago(6), deadline: new Date(Date.now() + 24 * MINUTE).toISOString(), priority: 'normal', language: 'fr',
  four_eyes: ['refuse'], question: null, opinion: null, note: null, proposed: null, ...more,
});
const readingOf = (more: Partial<CaseReading>): CaseReading => ({
  intent: 'accept', confidence: 610, doubt: '', kind: 'video', duration_min: 45, place: '', windows: [], accepted: [], refused: [],
  people: [{ id: 'P3', role: 'optional', unsure: true }],
  ...more,
});
const offers = (): Case['offers'] => [
  { number: 1, start: at(2, '10:00'), end: at(2, '10:45'), withdrawn: false },
  { number: 2, start: at(2, '14:00'), end: at(2, '14:45'), withdrawn: false },
  { number: 3, start: at(4, '09:30'), end: at(4, '10:15'), withdrawn: false },
];
const busy = (): Case['busy'] => [
  { who: 'P1', spans: [
    { start: at(1, '09:00'), end: at(1, '11:30') }, { start: at(2, '11:00'), end: at(2, '12:30') }, { start: at(3, '14:00'), end: at(3, '17:00') },
    { start: at(4, '14:00'), end: at(4, '15:30') }, { start: at(5, '08:30'), end: at(5, '10:00') },
  ] },
  { who: 'P2', spans: [
    { start: at(1, '13:00'), end: at(1, '18:00') }, { start: at(2, '08:00'), end: at(2, '09:30') }, { start: at(3, '09:00'), end: at(3, '12:00') },
    { start: at(4, '16:30'), end: at(4, '18:00') },
  ] },
];

const asked = 'Bonjour Marc,\n\nJe vous propose un point de 45 minutes en visio avec Emma la semaine prochaine. Voici trois moments :\n\n1. mardi à 10 h\n2. mardi à 14 h\n3. jeudi à 9 h 30\n\nBien à vous,';
const offered = 'Hello Marc,\n\nMay I suggest 45 minutes by video with Emma next week? These three would suit:\n\n1. Tuesday at 10:00\n2. Tuesday at 14:00\n3. Thursday at 09:30\n\nKind regards,';
const mayBe = 'Bonjour,\n\nMardi 14h ça devrait aller pour moi, je confirme dès que [P3] m’a répondu. Sinon jeudi matin conviendrait aussi.\n\nVous pouvez me joindre au […].\n\nBien à vous,\n[P2]';
const either = 'Hello,\n\nTuesday afternoon is fine, unless the board meeting moves; then Thursday before noon would be better. Not Friday please.\n\nKind regards\n[P2]';
const angry = 'Bonjour,\n\nC’est la troisième fois que votre robot m’écrit pour rien. Je trouve cela inadmissible, arrêtez.\n\n[P2]';

function caseOf(task: CaseTask, text: string, more: Partial<Case> = {}): Case {
  const { language } = task;
  return {
    task, people, offers: offers(), busy: busy(), does: 'acts', draft: null,
    meeting: { id: `m_${task.id}`, version: 4, state: 'supervision', subject: language === 'fr' ? 'Point sur la maquette avec [P2]' : 'Mock-up review with [P2]', zone: ZONE },
    thread: [
      { from: 'P1', at: ago(60 * 26), language, text: language === 'fr' ? 'Peux-tu trouver 45 minutes en visio avec [P2] la semaine prochaine ? [P3] peut se joindre si elle veut.' : 'Please find 45 minutes by video with [P2] next week. [P3] may join if she likes.', quoted: false, attachments: 0 },
      { from: 'us', at: ago(60 * 25), language, text: (language === 'fr' ? asked : offered).replace('Marc', '[P2]').replace('Emma', '[P3]'), quoted: false, attachments: 0 },
      { from: 'P2', at: ago(8), language, text, quoted: false, attachments: 1 },
    ],
    reading: readingOf({}),
    ...more,
  };
}

const phrases = { fr: { to: 'Bonjour [P2],', ask: 'Je préfère vous demander : ', confirm: 'C’est noté pour le créneau ', other: 'Je regarde les moments que vous donnez et reviens vers vous :', bye: 'Bien à vous,\nRendez' },
  en: { to: 'Hello [P2],', ask: 'May I ask you again: ', confirm: 'Noted for slot ', other: 'I look at the times that you give and come back to you:', bye: 'Kind regards\nRendez' } };

/** What would be written: enough of an answer to see that a correction changes it. */
function draftOf(shown: Case, said: SaidReading = {}): Draft {
  const say = phrases[shown.task.language];
  const read = { ...(shown.reading ?? readingOf({ intent: '' })), ...said };
  const clock = new Intl.DateTimeFormat(shown.task.language === 'fr' ? 'fr-FR' : 'en-GB', { weekday: 'long', hour: '2-digit', minute: '2-digit', timeZone: ZONE });
  const lines = read.intent === 'accept'
    ? [`${say.confirm}${read.accepted.join(', ') || '?'}.`]
    : [say.other, ...read.windows.filter(({ wish }) => wish !== 'refused').map((each) => `– ${clock.formatRange(new Date(each.start), new Date(each.end))}`)];
  return { to: ['P2'], subject: `Re: ${shown.meeting.subject}`, text: [say.to, '', ...lines, `${read.duration_min} min.`, '', say.bye].join('\n') };
}

export function cases(): Case[] {
  const routine = caseOf(
    taskOf('t_1', 'unsure', { reason_words: [{ ...words(mayBe, 'devrait aller'), means: 'accept' }, { ...words(mayBe, 'je confirme dès que'), means: 'condition' }] }), mayBe,
    { reading: readingOf({ accepted: [2], windows: [windowOf(mayBe, 'Mardi 14h', at(2, '14:00'), at(2, '14:00')), windowOf(mayBe, 'jeudi matin', at(4, '08:00'), at(4, '12:00'), 'preferred')] }) },
  );
  const week = caseOf(
    taskOf('t_2', 'conditional', { language: 'en', priority: 'high', deadline: new Date(Date.now() + 4 * MINUTE).toISOString(), reason_words: [{ ...words(either, 'unless'), means: 'condition' }] }), either,
    { reading: readingOf({ intent: 'counter', confidence: 480, doubt: 'which_week', windows: [
      windowOf(either, 'Tuesday afternoon', at(2, '14:00'), at(2, '18:00')), windowOf(either, 'Thursday before noon', at(4, '08:00'), at(4, '12:00'), 'preferred'),
      windowOf(either, 'Not Friday', at(5, '00:00'), at(6, '00:00'), 'refused')] }) },
  );
  const complaint = caseOf(taskOf('t_3', 'complaint', { priority: 'high', reason_words: [{ ...words(angry, 'inadmissible'), means: 'complaint' }] }), angry, {
    reading: readingOf({ intent: 'hostile', confidence: 930 }), does: 'sends_draft',
    draft: { to: ['P2'], subject: 'Re: Point sur la maquette', text: 'Bonjour [P2],\n\nVotre message a été lu par une personne. Nous ne vous écrirons plus au sujet de ce rendez-vous.\n\nBien à vous,\nRendez' },
  });
  const seconding = caseOf(taskOf('t_4', 'complaint', { priority: 'urgent', proposed: { refuse: true, text: 'Nous ne pouvons pas organiser ce rendez-vous.' } }), angry, { reading: readingOf({ intent: 'hostile' }) });
  const opinion = caseOf(taskOf('t_5', 'unclear', { question: 'Est-ce un oui ? Je lis « devrait aller » comme un peut-être.' }), mayBe);
  const blind = caseOf(taskOf('t_6', 'sample', { priority: 'low', language: 'en' }), either, { reading: null });
  const alone = caseOf(taskOf('t_7', 'unreadable', { priority: 'high', note: 'Je ne sais pas quoi en faire.' }), '', { reading: null });
  alone.meeting = { ...alone.meeting, id: '', version: 0 };
  const all = [routine, week, complaint, seconding, opinion, blind, alone];
  for (const each of all) if (each.draft === null && each.reading !== null && each.task.proposed === null) each.draft = draftOf(each);
  routine.also = [{ to: ['P1'], subject: 'Point sur la maquette', text: 'Bonjour [P1],\n\n[P2] a accepté mardi à 14 h.\n\nRendez' }];
  return all;
}

const lessonText = 'Bonjour,\n\nMardi 14h ça devrait aller pour la choukette, calé pour moi, je confirme dès que Nadia m’a répondu.\n\nBien à vous,\nPaul';
const strange = (written: string, word = written) => ({ at: Buffer.byteLength(lessonText.slice(0, lessonText.indexOf(written))), len: Buffer.byteLength(written), word });
const lesson = (id: string, state: Lesson['state']): Lesson => ({
  id, made: ago(60 * 30), language: 'fr', reason: 'unsure', state,
  text: lessonText, strange: [strange('choukette'), strange('calé', 'cale')],
  read: { intent: 'accept', kind: 'video', duration_min: 45, windows: [], accepted: [2] },
  said: { intent: 'counter', kind: 'video', duration_min: 45, windows: [{ start: at(2, '14:00'), end: at(2, '15:00'), wish: 'wanted' }], accepted: [] },
});

const today = Math.floor(Date.now() / 86_400_000);
const statsDays = Array.from({ length: 84 }, (_, i) => ({
  day: today - 84 + i, messages: i % 7 > 4 ? 0 : 60 + (i % 7) * 9, doubts: i % 7 > 4 ? 0 : 3 + ((i * 5) % 6), decided: i % 7 > 4 ? 0 : 5 + (i % 4), judged: i % 7 > 4 ? 0 : 5 + (i % 4), agreed: i % 7 > 4 ? 0 : 3 + (i % 3),
}));
const weekOf = (day: number) => day - ((day + 3) % 7);
const statsWeeks = [...new Set(statsDays.map(({ day }) => weekOf(day)))].map((monday) => {
  const mine = statsDays.filter(({ day }) => weekOf(day) === monday);
  const sum = (of: 'messages' | 'doubts' | 'decided' | 'judged' | 'agreed') => mine.reduce((all, each) => all + each[of], 0);
  return { day: monday, messages: sum('messages'), doubts: sum('doubts'), decided: sum('decided'), judged: sum('judged'), agreed: sum('agreed') };
});
const stats: Stats = {
  since: ago(60 * 24 * 84), breached: 2, sampled: 180, sampled_wrong: 3, sampled_low: 6, sampled_high: 48, days: statsDays, weeks: statsWeeks,
  all: { decided: 121, judged: 115, agreed: 94, waited_s: 190, waited_p90_s: 700, held_s: 41, held_p90_s: 180 },
  confidence: [{ from: 0, until: 500, samples: 40, wrong: 22, low: 398, high: 693 }, { from: 500, until: 800, samples: 90, wrong: 11, low: 70, high: 206 }, { from: 800, until: 950, samples: 120, wrong: 4, low: 13, high: 83 }, { from: 950, until: 1000, samples: 180, wrong: 1, low: 1, high: 31 }],
  groups: [
    { language: 'fr', reason: 'unsure', decided: 74, judged: 74, agreed: 61, waited_s: 190, waited_p90_s: 570, held_s: 38, held_p90_s: 152 }, { language: 'en', reason: 'unsure', decided: 41, judged: 41, agreed: 33, waited_s: 240, waited_p90_s: 720, held_s: 44, held_p90_s: 176 },
    { language: 'fr', reason: 'complaint', decided: 6, judged: 6, agreed: 6, waited_s: 95, waited_p90_s: 285, held_s: 260, held_p90_s: 1040 },
  ],
};

const persons: Record<'supervisor' | 'lead' | 'other', Person> = {
  supervisor: { person: 'p_1', name: 'Nour Haddad', function: 'supervisor', language: 'fr', rights: ['account.own', 'requests.read', 'requests.edit'] },
  other: { person: 'p_2', name: 'Sam Okafor', function: 'supervisor', language: 'en', rights: ['account.own', 'requests.read', 'requests.edit'] },
  lead: { person: 'p_3', name: 'Lise Aubert', function: 'supervision_lead', language: 'fr', rights: ['account.own', 'requests.read', 'requests.edit', 'requests.assign'] },
};

export interface Asked {
  path: string;
  body: Record<string, unknown>;
}

export interface World {
  /** Who is signed in; null: nobody */
  me: keyof typeof persons | null;
  /** Who signs in by the next passkey */
  enters: keyof typeof persons;
  waiting: Case[];
  mine: Case[];
  /** By the end of a path: what is answered instead */
  failing: Record<string, { status: number; code: string }>;
  lessons: Lesson[];
  asked: Asked[];
  taken_ms: number;
  /** How far the server's clock has gone on meanwhile */
  skew_ms: number;
}

class Refusal extends Error {
  constructor(readonly status: number, readonly code: string) {
    super(code);
  }
}

const queueOf = (world: World): Queue => {
  const row = ({ task }: Case) => ({ task: task.id, reason: task.reason, priority: task.priority, language: task.language, deadline: task.deadline });
  const open = (taken: string | null) => (each: Case): OpenTask =>
    ({ ...row(each), opened: each.task.opened, state: taken === null ? (each.task.proposed ? 'seconding' : 'waiting') : 'taken', taken_by: taken, breached: false });
  return {
    waiting: world.waiting.map(({ task }) => ({ priority: task.priority, language: task.language, count: 1 })),
    oldest: world.waiting.map(({ task }) => task.deadline).sort()[0] ?? null,
    mine: world.mine.map(row),
    ...(world.me === 'lead' ? { open: [...world.waiting.map(open(null)), ...world.mine.map(open('Nour Haddad'))] } : {}),
  };
};

function preview(shown: Case, { reading }: Decision): Case {
  if (reading?.intent === 'delegate') throw new Refusal(400, '');
  if (!reading) return shown;
  const { also: _, ...rest } = shown;
  const more = reading.intent === 'counter' ? [{ number: 4, start: at(4, '11:00'), end: at(4, '11:45'), withdrawn: false }] : [];
  return { ...rest, offers: [...shown.offers, ...more], draft: draftOf(shown, reading) };
}

const unlock = (world: World, shown: Case): void => {
  world.mine = world.mine.filter((each) => each !== shown);
};

type Answer = object;
const acts: Record<string, (world: World, shown: Case, body: Record<string, unknown>) => Answer> = {
  '': (_, shown) => (shown.meeting.id === '' ? { task: shown.task } : shown),
  beat: (world) => ({ until: new Date(Date.now() + world.skew_ms + world.taken_ms).toISOString() }),
  preview: (_, shown, body) => preview(shown, body['decision'] as Decision),
  decide: (world, shown, body) => {
    const decision = body['decision'] as Decision;
    if (body['version'] !== shown.meeting.version) throw new Refusal(409, 'version');
    if (decision.refuse) throw new Refusal(403, 'four_eyes');
    unlock(world, shown);
    return { state: 'closed' };
  },
  propose: (world, shown) => (unlock(world, shown), { state: 'seconding' }),
  second: (world, shown, body) => (unlock(world, shown), { state: body['yes'] ? 'closed' : 'waiting' }),
  opinion: (world, shown) => (unlock(world, shown), { state: 'waiting' }),
  answer: (world, shown) => (unlock(world, shown), { state: 'waiting' }),
  'hand-on': (world, shown) => (unlock(world, shown), { state: 'waiting' }),
  'give-back': (world, shown) => (unlock(world, shown), { state: 'waiting' }),
  close: () => ({ status: 'ok' }),
  open: (_, shown, body) => {
    if (body['part'] === 'people') return full;
    if (body['part'] === 'words') return { subject: named(shown.meeting.subject), thread: shown.thread.map((each) => ({ from: each.from, at: each.at, text: named(each.text) })) } satisfies PartWords;
    return { to: ['marc.delattre@noroit.example'], subject: named(shown.draft?.subject ?? ''), text: named(shown.draft?.text ?? '') } satisfies PartDraft;
  },
};

function taskAnswer(world: World, id: string, act: string, body: Record<string, unknown>): Answer {
  if (act === 'lesson') return lesson('l_9', body['keep'] === undefined ? 'drafted' : body['keep'] ? 'kept' : 'dropped');
  const shown = world.mine.find((each) => each.task.id === id);
  const run = acts[act];
  if (!shown || !run) throw new Refusal(403, 'not_assigned');
  return run(world, shown, body);
}

function next(world: World, wanted: unknown, show: unknown): Answer {
  const found = world.waiting.find((each) => wanted === undefined || each.task.id === wanted);
  if (!found) return { task: null };
  world.waiting = world.waiting.filter((each) => each !== found);
  world.mine.push(found);
  return { task: found.task.id, case: show ? found : undefined };
}

function decideLesson(world: World, id: string, accept: unknown): Answer {
  world.lessons = world.lessons.map((each) => (each.id === id ? { ...each, state: accept ? 'accepted' : 'dropped' } : each));
  return world.lessons.find((each) => each.id === id) ?? {};
}

function answer(world: World, path: string, body: Record<string, unknown>): Answer {
  const failing = Object.entries(world.failing).find(([end]) => path.endsWith(end))?.[1];
  if (failing) throw new Refusal(failing.status, failing.code);
  if (path === '/login/start') return { flow: 'f_1', public_key: { challenge: 'AAECAwQFBgcICQoLDA0ODw', rpId: 'localhost', userVerification: 'required', allowCredentials: [] } };
  if (path === '/login/passkey') return { me: persons[(world.me = world.enters)] };
  if (world.me === null) throw new Refusal(401, 'no_session');
  const [, first = '', id = '', act = ''] = path.split('/');
  if (first === 'logout') return (world.me = null), {};
  if (first === 'me') return persons[world.me];
  if (first === 'session') return { ends: new Date(Date.now() + 900_000).toISOString() };
  if (first === 'queue') return queueOf(world);
  if (first === 'next') return next(world, body['task'], body['show']);
  if (first === 'tasks') return taskAnswer(world, id, act, body);
  if (first === 'stats') return stats;
  if (first === 'lessons') return id === '' ? { lessons: world.lessons, words: [{ word: 'calé', language: 'fr', lessons: 4 }] } : decideLesson(world, id, body['accept']);
  throw new Refusal(404, '');
}

const types: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' };
/** As src/roles/web sends them. */
const headers = {
  'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', 'X-Frame-Options': 'DENY', 'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin', 'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
};

async function serveFile(folder: string, path: string, response: ServerResponse): Promise<void> {
  const bytes = /^\/(assets\/[\w.-]+|icon\.svg)?$/.test(path) ? await readFile(join(folder, path === '/' ? 'index.html' : path)).catch(() => null) : null;
  response.writeHead(bytes ? 200 : 404, { ...headers, 'Content-Type': types[extname(path) || '.html'] ?? 'text/plain' });
  response.end(bytes);
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return chunks.length === 0 ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>);
}

async function serveApi(world: World, request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
  const body = await bodyOf(request);
  world.asked.push({ path, body });
  response.setHeader('Date', new Date(Date.now() + world.skew_ms).toUTCString());
  try {
    const json = JSON.stringify(answer(world, path, body));
    response.writeHead(200, { ...headers, 'Content-Type': 'application/json' });
    response.end(json);
  } catch (problem) {
    if (!(problem instanceof Refusal)) throw problem;
    const { status, code } = problem;
    response.writeHead(status, { ...headers, 'Content-Type': 'application/problem+json' });
    response.end(JSON.stringify({ type: 'urn:rendez:problem:denied', title: 'Refused', status, detail: code, code }));
  }
}

export interface ConsoleDouble {
  url: string;
  world: World;
  stop: () => Promise<void>;
}

const built = fileURLToPath(new URL('../../web/dist-console', import.meta.url));

/** The built pages come from web/dist-console, or the folder that RENDEZ_CONSOLE_PAGES names. */
export async function startConsole(more: Partial<World> = {}): Promise<ConsoleDouble> {
  const world: World = { me: 'supervisor', enters: 'supervisor', waiting: cases(), mine: [], failing: {}, lessons: [lesson('l_1', 'kept'), lesson('l_2', 'accepted')], asked: [], taken_ms: 90_000, skew_ms: 0, ...more };
  const folder = process.env['RENDEZ_CONSOLE_PAGES'] ?? built;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const served = pathname.startsWith('/api/console/') ? serveApi(world, request, response, pathname.slice('/api/console'.length)) : serveFile(folder, pathname, response);
    served.catch((problem: unknown) => response.destroy(problem as Error));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const stop = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://localhost:${port}`, world, stop };
}

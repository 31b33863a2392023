// How the service does: the page with values of four weeks, in both languages, colours and sizes.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Server, axe, desktop, launch, openPage, overflows, startDouble } from './browser';

let browser: Browser;
let server: Server;
let url: string;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startDouble();
  url = server.url.replace('127.0.0.1', 'localhost');
});
afterEach(() => server.stop());

/** Who is not signed in is told so by a 401, which Chromium writes into its console. */
const serious = (troubles: string[]) => troubles.filter((text) => !/status of 401/.test(text));

const HOURS = 28 * 24;
const FIRST = 494_700; // an hour since 1970

const series = (name: string, label: string, unit: string, value: (hour: number) => number) => ({
  name, label, unit, points: Array.from({ length: HOURS }, (_, hour) => [FIRST + hour, value(hour)]),
});
const wave = (hour: number) => 1 + Math.sin((hour / 24) * 2 * Math.PI);
const day = (hour: number) => (Math.floor(hour / 24) % 7 < 5 ? wave(hour) : 0);

const metrics = {
  status: 'ok', at: '2026-11-25T10:00:00Z',
  roles: ['keyd', 'planner', 'mailin', 'api'].map((role, i) => ({
    role, up: i !== 2, age_s: 4 + i * 40, rendez_role_start_time: 1_795_600_000, rendez_role_cpu: 12.5 * i,
    rendez_role_memory: 21e6 + i * 9e6, rendez_role_loop_lag: 0.004 * i, rendez_role_errors: i,
  })),
  series: [
    series('rendez_mailin_queue_mails', 'role=mailin', '', (h) => Math.round(3 * day(h))),
    series('rendez_outbox_mails', 'role=planner', '', (h) => Math.round(2 * day(h + 1))),
    series('rendez_mail_answer', 'role=planner', 'seconds', (h) => 0.25 + 0.1 * day(h)),
    series('rendez_api_request', 'role=api', 'seconds', (h) => 0.01 + 0.02 * day(h)),
    series('rendez_planner_doubts', 'role=planner', '', (h) => Math.round(day(h))),
    series('rendez_role_errors', 'role=planner', '', (h) => (h % 160 === 0 ? 2 : 0)),
    series('rendez_role_errors', 'role=mailin', '', (h) => (h % 200 === 0 ? 1 : 0)),
    series('rendez_disk_free', 'role=logd,folder=log', 'bytes', (h) => 60e9 - 5e7 * h),
    series('rendez_memory_available', 'role=logd', 'bytes', (h) => 3e9 - 2e8 * wave(h)),
    series('rendez_role_memory', 'role=planner', 'bytes', () => 45e6),
    series('rendez_role_memory', 'role=api', 'bytes', () => 25e6),
  ],
  forecasts: [
    { name: 'rendez_disk_free', label: 'role=logd,folder=log', last: 26.4e9, limit: 0, ends: '2026-12-17T10:00:00Z' },
    { name: 'rendez_memory_available', label: 'role=logd', last: 2.8e9, limit: 0, ends: null },
  ],
};

const alert = (id: string, state: string, more = {}) => ({
  id, kind: 'role.process.crashed', role: 'reader', build: '091042a4e10d58ca', state, count: 3,
  first: '2026-11-25T08:00:00Z', last: '2026-11-25T09:30:00Z', acknowledged: null, escalated: null, ended: null,
  words: { 'role.name': 'reader', cause: 'SIGSEGV', build: '091042a4e10d58ca', addresses: '0x5c90d 0x5cb58 0x50833 0x4ee4a' },
  fr: 'un processus du service s’est arrêté brutalement et a été relancé',
  en: 'a process of the service fell and was started again', ...more,
});

/** An operator's session; logd's answers are ours. What the page asks of it is kept. */
async function asOperator(page: Page) {
  const asked: string[] = [];
  const alerts = [alert('al_1', 'open'), alert('al_2', 'acknowledged', { acknowledged: '2026-11-25T09:00:00Z' })];
  await page.route('**/api/v1/me', async (route) => {
    const answer = await route.fetch();
    const me = (await answer.json()) as { rights?: string[] };
    if (me.rights) me.rights.push('service.watch');
    await route.fulfill({ response: answer, json: me });
  });
  await page.route('**/api/v1/metrics', (route) => route.fulfill({ json: metrics }));
  await page.route('**/api/v1/alerts', (route) => route.fulfill({ json: { status: 'ok', alerts } }));
  await page.route('**/api/v1/alerts/**', async (route) => {
    asked.push(`${route.request().method()} ${new URL(route.request().url()).pathname}`);
    const [, id, act] = /alerts\/(\w+)\/(\w+)$/.exec(route.request().url()) ?? [];
    for (const each of alerts) if (each.id === id) each.state = act === 'end' ? 'ended' : 'acknowledged';
    await route.fulfill({ json: { status: 'ok' } });
  });
  await page.goto(`${url}/account`);
  await page.fill('input[type=email]', 'ann@atelier.example');
  await page.fill('input[type=password]', 'Long enough 7');
  await page.click('form button[type=submit]');
  await page.fill('input[autocomplete=one-time-code]', '123 456');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.menu');
  await page.goto(`${url}/account`); // who signs in hears their rights from another answer
  await page.waitForSelector('.menu >> nth=0');
  return asked;
}

async function openMetrics(page: Page) {
  await page.goto(`${url}/account/metrics`);
  await page.waitForFunction(() => document.querySelectorAll('.plot canvas').length === 6);
}

describe('how the service does', () => {
  it('is one click away for who runs it, and for nobody else', async () => {
    const { context, page, troubles, foreign } = await openPage(browser, { viewport: desktop });
    await asOperator(page);
    await page.click('.menu >> text=How the service does');
    await page.waitForFunction(() => document.querySelectorAll('.plot canvas').length === 6);
    expect(await page.textContent('h1')).toBe('How the service does');
    expect(await page.textContent('main')).toContain('17 December 2026');
    expect(await page.textContent('main')).not.toContain('free memory, ');
    await page.unroute('**/api/v1/me');
    await page.goto(`${url}/account/metrics`);
    await page.waitForSelector('text=There is no such page');
    expect(serious(troubles)).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('shows alerts, and lets somebody take charge of one', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    const asked = await asOperator(page);
    await openMetrics(page);
    const first = page.locator('[aria-labelledby=alerts] .row').first();
    expect(await first.textContent()).toContain('reader · a process of the service fell');
    expect(await first.textContent()).toContain('cause=SIGSEGV addresses=0x5c90d');
    await first.locator('text=Acknowledge').click();
    await page.waitForFunction(() => document.querySelectorAll('[aria-labelledby=alerts] .badge.loud').length === 0);
    await first.locator('text=It is over').click();
    await first.locator('.danger').click();
    await page.waitForSelector('.badge >> text=ended');
    expect(asked).toEqual(['POST /api/v1/alerts/al_1/acknowledge', 'POST /api/v1/alerts/al_1/end']);
    await context.close();
  });
});

const narrow = { width: 320, height: 900 };
const looks: [string, BrowserContextOptions][] = [
  ['desktop-en-light', { viewport: desktop, locale: 'en-GB', colorScheme: 'light' }],
  ['desktop-fr-dark', { viewport: desktop, locale: 'fr-FR', colorScheme: 'dark' }],
  ['narrow-fr-light', { viewport: narrow, locale: 'fr-FR', colorScheme: 'light' }],
  ['narrow-en-dark', { viewport: narrow, locale: 'en-GB', colorScheme: 'dark' }],
];

describe.each(looks)('looks (%s)', (name, options) => {
  it('reads well', async () => {
    const { context, page, troubles, foreign } = await openPage(browser, options);
    await page.addInitScript((word) => localStorage.setItem('language', JSON.stringify(word)), options.locale?.slice(0, 2));
    await asOperator(page);
    await openMetrics(page);
    expect(await axe(page)).toEqual([]);
    expect(await overflows(page), 'overflows').toBe(false);
    const folder = process.env['RENDEZ_PICTURES'];
    if (folder !== undefined) await page.screenshot({ path: `${folder}/metrics-${name}.png`, fullPage: true });
    expect(serious(troubles)).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });
});

// The personal pages of guests, in a browser without JavaScript.
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Server, axe, desktop, launch, openPage, overflows, phone, startDouble } from './browser';

let browser: Browser;
let server: Server;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface View {
  change: number;
  view: { meetings: { status: string; start: string | null }[] } | null;
}
const look = async () => (await (await fetch(`${server.url}/api/v1/sandbox`)).json()) as View;

beforeEach(async () => {
  server = await startDouble();
  const sent = await fetch(`${server.url}/api/v1/sandbox/messages`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      from: 'alice.moreau@atelier-boreal.example', to: ['marc.delattre@noroit.example'],
      cc: ['camille@assist.example'], subject: 'Contrat', text: 'Mardi ?', in_reply_to: '',
    }),
  });
  expect(sent.status).toBe(202);
  await look();
  expect((await look()).view?.meetings[0]?.status).toBe('proposing');
});
afterEach(() => server.stop());

const plain = { viewport: phone, javaScriptEnabled: false };

describe('a personal link', () => {
  it('changes nothing when it is opened, however often and by whom', async () => {
    const before = (await look()).change;
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-2`);
    await page.reload();
    for (const method of ['GET', 'HEAD', 'GET']) await fetch(`${server.url}/r/slot-2`, { method });
    expect((await look()).change).toBe(before);
    await context.close();
  });

  it('chooses with one press and shows the choice afterwards', async () => {
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-2`);
    await page.click('button.selected');
    expect(await page.textContent('.settled')).toContain('mardi 3 mars');
    expect(await page.textContent('.settled')).toContain('16h30 – 17h15');
    expect((await look()).view?.meetings[0]).toMatchObject({ status: 'confirmed', start: '2026-03-03T16:30:00+01:00' });
    await page.reload(); // shows again, does not post again
    expect(await page.locator('.settled').count()).toBe(1);
    await context.close();
  });

  it('offers the other slots too', async () => {
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-1`);
    expect(await page.locator('button.other').count()).toBe(2);
    await page.click('button.other >> nth=1');
    expect(await page.textContent('.settled')).toContain('mercredi 4 mars');
    await context.close();
  });

  it('takes "none of these" with words', async () => {
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-1`);
    await page.fill('textarea', 'Plutôt jeudi après-midi');
    await page.click('button.plain');
    expect(await page.textContent('.done')).toContain('cherche d’autres horaires');
    expect((await look()).view?.meetings[0]?.status).toBe('proposing');
    await context.close();
  });

  it.each([
    ['fr-FR', 'Ce lien n’est plus valable'],
    ['en-GB', 'This link is no longer valid'],
    ['de-DE', 'This link is no longer valid'],
  ])('that is unknown says so (%s)', async (locale, title) => {
    const { context, page } = await openPage(browser, { ...plain, locale });
    const response = await page.goto(`${server.url}/r/nothing-here`);
    expect(response?.status()).toBe(404);
    expect(await page.textContent('h1')).toBe(title);
    await context.close();
  });

  it('says when a slot is gone', async () => {
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-1`);
    await page.goto(`${server.url}/r/slot-1?gone=1`);
    expect(await page.textContent('.notice')).toContain('vient d’être pris');
    await context.close();
  });
});

describe('the privacy part of a personal link', () => {
  it('says who holds what, and changes nothing when it is opened', async () => {
    const before = (await look()).change;
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-1`);
    await page.click('a[href$="/privacy"]');
    const text = await page.textContent('main');
    for (const words of ['Alice Moreau', 'camille@assist.example', '12 mois']) expect(text).toContain(words);
    expect(await page.locator('.done').count()).toBe(0);
    expect((await look()).change).toBe(before);
    await context.close();
  });

  it.each(['stop', 'stop_here'])('stops mail with one press, and says so (%s)', async (act) => {
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-1/privacy`);
    await page.click(`button[value=${act}]`);
    expect(await page.locator('.done[role=status]').count()).toBe(1);
    expect(await page.locator('button[value=stop]').count()).toBe(0);
    await page.goto(`${server.url}/r/slot-1/privacy`); // and still holds
    expect(await page.locator('button[value=stop]').count()).toBe(0);
    await context.close();
  });

  it.each(['export', 'erase'])('does not %s by the first link alone', async (act) => {
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/slot-1/privacy`);
    await page.click(`button[value=${act}]`);
    expect(await page.textContent('.done')).toContain('envoyé à votre adresse');
    expect(await page.locator('button[value=erase]').count()).toBe(1);
    await context.close();
  });

  it('erases by the second link, and offers nothing more', async () => {
    const { context, page } = await openPage(browser, plain);
    await page.goto(`${server.url}/r/sure-erase/privacy`);
    await page.click('button[value=confirm]');
    expect(await page.locator('.done[role=status]').count()).toBe(1);
    expect(await page.locator('form').count()).toBe(0);
    await context.close();
  });
});

describe.each([
  ['desktop, light', { viewport: desktop, colorScheme: 'light' as const }],
  ['desktop, dark', { viewport: desktop, colorScheme: 'dark' as const }],
  ['phone, dark', { viewport: phone, colorScheme: 'dark' as const }],
])('looks (%s)', (_, options) => {
  it.each([
    'slot-1', 'slot-9', 'slot-1?gone=1', 'nothing-here', 'slot-1/privacy', 'sure-erase/privacy', 'nothing-here/privacy',
  ])('%s', async (path) => {
    const { context, page, troubles, foreign } = await openPage(browser, options);
    await page.goto(`${server.url}/r/${path}`);
    expect(await axe(page)).toEqual([]);
    expect(await overflows(page)).toBe(false);
    expect(troubles.filter((t) => !t.includes('404'))).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });
});

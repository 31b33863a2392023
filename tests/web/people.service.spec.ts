// What administrators and operators do with people, each in a browser of their own with a passkey, with the real
// service behind them.
import { execFileSync } from 'node:child_process';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, asRoot, axe, desktop, enrolByPasskey, launch, openPage, overflows, phone, shoot, startService } from './browser';

const there = process.env['RENDEZ_SERVICE'] !== undefined;
const house = 'atelier-vert';
const people = {
  adele: ['Adèle Lambert', 'administrator', house, 'en'],
  serge: ['Serge Vidal', 'administrator', house, 'fr'],
  olga: ['Olga Petit', 'organizer', house, 'en'],
  victor: ['Victor Blanc', 'organizer', house, 'fr'],
  oscar: ['Oscar Noir', 'operator', 'house-z', 'en'],
  walter: ['Walter Gris', 'operator', 'house-z', 'fr'],
} as const;
type Name = keyof typeof people;

let browser: Browser;
let server: Service;
const links = {} as Record<Name, string>;
const pages = {} as Record<Name, Page>;
const troubles: string[] = [];

/** From the invitation to the pages, by a passkey. */
async function enrol(name: Name): Promise<void> {
  const [full, , , language] = people[name];
  const { page, troubles: own } = await openPage(browser, { viewport: desktop, locale: language === 'fr' ? 'fr-FR' : 'en-GB' });
  page.on('close', () => troubles.push(...own.filter((text) => !/status of (401|403|404)/.test(text))));
  await enrolByPasskey(page, links[name]);
  expect(await page.textContent('.who-name')).toBe(full);
  pages[name] = page;
}

beforeAll(async () => {
  if (!there) return;
  browser = await launch();
  server = (await startService({ networks: '"127.0.0.0/8"' })) as Service;
  const program = new URL(`../../${process.env['RENDEZ_SERVICE']}/src/roles/cli/rendez`, import.meta.url).pathname;
  execFileSync(program, ['organisation', 'add', '--dir', server.folder, house]);
  const names = Object.keys(people) as Name[];
  const made = asRoot(server.folder, [
    ['organisation.add', { id: house, kind: 'client' }],
    ['organisation.add', { id: 'house-z', kind: 'operator' }],
    ...names.map((name): [string, object] => {
      const [full, role, organisation, language] = people[name];
      return ['account.add', { organisation, function: role, language, name: full, address: `${name}@${organisation}.example` }];
    }),
  ]);
  names.forEach((name, i) => (links[name] = String(made[i + 2]?.['link'])));
  await Promise.all((['adele', 'serge', 'olga', 'oscar', 'walter'] as const).map(enrol));
}, 60_000);
afterAll(async () => {
  await Promise.all(Object.values(pages).map((page) => page.close()));
  await browser?.close();
  await server?.stop();
  expect(troubles).toEqual([]);
});

const open = (page: Page, address: string) => page.click(`.menu a[href="/account/${address}"]`);
const row = (page: Page, words: string) => page.locator('.row', { hasText: words });
const press = (page: Page, words: string, button: string) => row(page, words).getByRole('button', { name: button, exact: true });
/** Of a review: everything that is somebody's. */
const things = (page: Page, whose: string) => page.locator(`.review-item[aria-label="${whose}"]`);

async function check(page: Page, name: string) {
  await shoot(page, name);
  expect(await axe(page), name).toEqual([]);
  expect(await overflows(page), name).toBe(false);
}

async function ask(page: Page, right: string, reason: string) {
  await open(page, 'raises');
  await page.selectOption('form >> nth=0 >> select >> nth=0', right);
  await page.fill('textarea >> nth=0', reason);
  await page.click('form >> nth=0 >> button[type=submit]');
  await row(page, reason).waitFor();
}

/** What others have done meanwhile is there when one comes back to the tab. */
const comeBack = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));

describe.skipIf(!there)('people of the real service', () => {
  it('are read by whoever may, and changed by nobody who has not asked', async () => {
    const { adele, olga } = pages;
    expect(await olga.locator('.menu a[href="/account/people"]').count()).toBe(0);
    await open(adele, 'people');
    await row(adele, 'Victor Blanc').waitFor();
    expect(await adele.locator('.row').count()).toBe(4);
    expect(await adele.locator('.row button').count()).toBe(0);
    await check(adele, 'people-wide');
    await adele.click('.tip-card a');
    await adele.waitForSelector('form textarea');
  });

  it('a right is asked for by one and approved by another', async () => {
    const { adele, serge } = pages;
    await ask(adele, 'rights.change', 'A new colleague begins on Monday');
    await ask(adele, 'people.end', 'A colleague leaves today');
    expect(await row(adele, 'new colleague').locator('.primary').count()).toBe(0); // nobody their own
    await check(adele, 'raises-asked-wide');
    await open(serge, 'raises');
    for (const reason of ['new colleague', 'colleague leaves'])
      await row(serge, reason).locator('.primary').click();
    await serge.waitForFunction(() => document.querySelectorAll('.raise-active').length === 2);
    await serge.setViewportSize(phone);
    await check(serge, 'raises-approved-phone-fr');
    await comeBack(adele);
    await adele.waitForFunction(() => document.querySelectorAll('.raise-active').length === 2);
    await check(adele, 'raises-active-wide');
  });

  it('somebody is invited, and gets another function', async () => {
    const { adele, olga } = pages;
    await open(adele, 'people');
    expect(await row(adele, 'Adèle Lambert').locator('button, select').count()).toBe(0);
    await press(adele, 'Victor Blanc', 'Invite again').click();
    await row(adele, 'Victor Blanc').locator('.note.good').waitFor();
    await press(adele, 'Serge Vidal', 'Reset sign-in').click(); // it would end all that he signs in with
    await row(adele, 'Serge Vidal').locator('.sure').waitFor();
    await check(adele, 'people-reset-wide');
    await adele.keyboard.press('Escape');
    const functions = row(adele, 'Olga Petit').locator('select');
    expect(await functions.locator('option').count()).toBe(3); // what her organisation has, and nothing else
    await functions.selectOption('auditor');
    await row(adele, 'Olga Petit').locator('.primary').click();
    await row(adele, 'example · auditor').waitFor();
    await check(adele, 'people-raised-wide');
    await adele.setViewportSize(phone);
    await check(adele, 'people-raised-phone');
    await adele.setViewportSize(desktop);
    await comeBack(olga);
    await olga.waitForSelector('.who-more >> text=auditor'); // no new sign-in
    await olga.waitForSelector('.menu a[href="/account/reviews"]');
    await row(adele, 'Olga Petit').locator('select').selectOption('organizer');
    await row(adele, 'Olga Petit').locator('.primary').click();
    await row(adele, 'example · organizer').nth(1).waitFor();
  });

  it('a raised right is ended by the other, and gone at once', async () => {
    const { adele, serge } = pages;
    await row(serge, 'new colleague').locator('.acts button').click();
    await row(serge, 'new colleague').locator('.raise-over').waitFor();
    await press(adele, 'Victor Blanc', 'Invite again').click(); // the page did not know yet
    await row(adele, 'Victor Blanc').locator('.note.bad >> text=Ask for this right first').waitFor();
    expect(await press(adele, 'Victor Blanc', 'Invite again').count()).toBe(0);
    expect(await press(adele, 'Victor Blanc', 'End the account').count()).toBe(1);
  });

  it('the glass is broken by two', async () => {
    const { oscar, walter } = pages;
    await open(oscar, 'raises');
    await oscar.fill('.loud input', 'nowhere');
    await oscar.fill('.loud textarea', 'Nobody there can sign in any more');
    await oscar.click('.loud form button');
    await oscar.click('.sure .danger');
    await oscar.waitForSelector('.loud .note.bad');
    await check(oscar, 'glass-refused-wide');
    await oscar.fill('.loud input', house);
    await oscar.click('.loud form button');
    await oscar.click('.sure .danger');
    await row(oscar, 'Nobody there').locator('.raise-asked').waitFor();
    expect(await row(oscar, 'Nobody there').locator('.primary').count()).toBe(0);
    await walter.setViewportSize(phone);
    await open(walter, 'raises');
    await check(walter, 'glass-asked-phone-fr');
    await row(walter, 'Nobody there').locator('.primary').click();
    await row(walter, 'Nobody there').locator('.raise-active').waitFor();
    await comeBack(oscar);
    await row(oscar, 'Nobody there').locator('.raise-active').waitFor();
    await check(oscar, 'glass-broken-wide');
    await row(oscar, 'Nobody there').locator('.acts button').click();
    await row(oscar, 'Nobody there').locator('.raise-over').waitFor();
  });

  it('a review is decided, and nobody’s own line by themself', async () => {
    const { adele, serge } = pages;
    asRoot(server.folder, [['review.start', { organisation: house }]]);
    await open(adele, 'reviews');
    await adele.click('.row-title a');
    await things(adele, 'Serge Vidal').waitFor();
    await check(adele, 'review-wide');
    expect(await things(adele, 'Adèle Lambert').count()).toBe(2); // the account, and the right that is raised
    expect(await things(adele, 'Adèle Lambert').locator('button').count()).toBe(0);
    const decidable = adele.locator('.review-item:has(button)');
    expect(await decidable.count()).toBeGreaterThan(0);
    const own = await decidable.count();
    await decidable.first().focus();
    await adele.keyboard.press('k');
    await adele.waitForSelector('.decision-keep');
    await adele.waitForFunction((n) => document.querySelectorAll('.review-item:has(button)').length === n, own - 1);
    await check(adele, 'review-decided-wide');
    await open(serge, 'reviews');
    await serge.click('.row-title a');
    await things(serge, 'Adèle Lambert').first().waitFor();
    expect(await things(serge, 'Serge Vidal').locator('button').count()).toBe(0);
    await check(serge, 'review-phone-fr');
    for (let left = await serge.locator('.review-item:has(button)').count(); left > 0; left--) {
      await serge.locator('.review-item:has(button)').first().focus();
      await serge.keyboard.press('g');
      await serge.waitForFunction((n) => document.querySelectorAll('.review-item:has(button)').length === n, left - 1);
    }
    await serge.waitForSelector('[role=status].intro >> text=Tout est');
  });

  it('who leaves is out within five seconds, wherever they are signed in', async () => {
    const { adele, olga } = pages;
    await open(olga, 'sessions');
    await olga.waitForSelector('.badge.here');
    await open(adele, 'people');
    await press(adele, 'Olga Petit', 'End the account').click();
    await row(adele, 'Olga Petit').locator('.danger').click();
    const ended = Date.now();
    await row(adele, 'Olga Petit').locator('.account-ended').waitFor();
    await olga.waitForSelector('.note >> text=over', { timeout: 5000 });
    expect(Date.now() - ended).toBeLessThan(5000);
    expect(await olga.locator('.row').count()).toBe(0);
    await check(olga, 'ended-wide');
    await olga.click('.passkey button');
    await olga.waitForSelector('.passkey .note.bad');
  });

  it('pages fit a phone, in French', async () => {
    const { serge } = pages;
    for (const address of ['people', 'raises', 'reviews', 'sessions', 'factors', 'tokens']) {
      await open(serge, address);
      await serge.waitForSelector('main .card');
      await check(serge, `${address}-phone-fr`);
    }
  });
});

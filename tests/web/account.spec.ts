// The pages of an account in Chromium, with a virtual authenticator, against the doubles of planner and authd.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Server, addAuthenticator, axe, desktop, launch, openPage, overflows, phone, startDouble } from './browser';

let browser: Browser;
let server: Server;
let url: string;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startDouble();
  url = server.url.replace('127.0.0.1', 'localhost'); // a passkey belongs to a name
});
afterEach(() => server.stop());

/** Who is not signed in is told so by a 401, which Chromium writes into its console. */
const serious = (troubles: string[]) => troubles.filter((text) => !/status of (400|401|403|404|409|429)/.test(text));

async function signIn(page: Page) {
  await page.goto(`${url}/account`);
  await page.fill('input[type=email]', 'ann@atelier.example');
  await page.fill('input[type=password]', 'Long enough 7');
  await page.click('form button[type=submit]');
  await page.fill('input[autocomplete=one-time-code]', '123 456');
  await page.click('form button[type=submit]');
  await page.waitForSelector('.menu');
}

const rowsAre = (page: Page, count: number) =>
  page.waitForFunction((wanted) => document.querySelectorAll('.row').length === wanted, count);

/** As by the buttons at the top of the page. */
const speak = (page: Page, language: string) =>
  page.addInitScript((word) => localStorage.setItem('language', JSON.stringify(word)), language);

const session = async (page: Page) =>
  (await page.context().cookies(url)).find((cookie) => cookie.name === '__Host-session');

describe('signing in', () => {
  it('takes a password and a code, and leaves nothing behind on leaving', async () => {
    const { context, page, troubles, foreign } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    expect(await page.textContent('.who-name')).toBe('Ann Lindqvist-Delacroix');
    expect(await session(page)).toMatchObject({ httpOnly: true, secure: true, sameSite: 'Strict', path: '/', expires: -1 });
    expect(await page.evaluate(() => document.cookie)).toBe('');
    await page.reload();
    await page.waitForSelector('.menu');
    await page.click('.out');
    await page.waitForSelector('input[type=email]');
    expect(await page.textContent('.note')).toContain('signed out');
    expect(await session(page)).toBeUndefined();
    expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    await page.reload();
    await page.waitForSelector('input[type=email]');
    expect(serious(troubles)).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('does not say which of the two was wrong', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    const told: (string | null)[] = [];
    for (const [password, code] of [['wrong', '123456'], ['Long enough 7', '000000']] as const) {
      await page.goto(`${url}/account`);
      await page.fill('input[type=email]', 'ann@atelier.example');
      await page.fill('input[type=password]', password);
      await page.click('form button[type=submit]');
      await page.fill('input[autocomplete=one-time-code]', code);
      await page.click('form button[type=submit]');
      await page.waitForSelector('.note.bad');
      told.push(await page.textContent('.note.bad'));
      expect(await page.locator('input[type=password]').count()).toBe(1); // from the beginning
      expect(await session(page)).toBeUndefined();
    }
    expect(told[0]).toBe(told[1]);
    await context.close();
  });

  it('says for how long to wait after too many tries', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(`${url}/account`);
    await page.fill('input[type=email]', 'slow@atelier.example');
    await page.fill('input[type=password]', 'whatever');
    await page.click('form button[type=submit]');
    expect(await page.textContent('.note.bad')).toContain('4 min');
    await context.close();
  });

  it('goes back to the beginning when a recovery code comes too late', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(`${url}/account`);
    await page.fill('input[type=email]', 'ann@atelier.example');
    await page.fill('input[type=password]', 'Long enough 7');
    await page.click('form button[type=submit]');
    await page.click('button.link >> nth=0');
    await page.fill('form input', 'ZZZZ-ZZZZ-ZZZZ');
    await page.click('form button[type=submit]');
    await page.waitForSelector('input[type=email]');
    expect(await page.textContent('.note.bad')).toContain('too long');
    await context.close();
  });

  it('leads to the provider of an address, and says when there is none', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(`${url}/account`);
    expect(await page.isDisabled('.providers button')).toBe(true);
    await page.fill('input[type=email]', 'ann@atelier.example');
    await page.click('.providers button');
    await page.waitForSelector('.providers .note.bad');
    await page.fill('input[type=email]', 'ann@sso.example');
    await page.click('.providers button');
    await page.waitForSelector('.note.bad >> text=organisation’s sign-in'); // the double has no provider
    expect(new URL(page.url()).hash).toBe('');
    await context.close();
  });

  it('asks for our own code after a provider that vouches for less', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(`${url}/account#sso-code`);
    await page.fill('input', '000000');
    await page.click('form button');
    await page.waitForSelector('.note.bad');
    expect(new URL(page.url()).hash).toBe('');
    await page.fill('input', '123456');
    await page.click('form button');
    await page.waitForSelector('.menu');
    await context.close();
  });

  it('asks again when the session is over', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    await context.clearCookies();
    await page.click('.menu a >> text=Sessions');
    await page.waitForSelector('input[type=email]');
    expect(await page.textContent('.note')).toContain('over');
    await context.close();
  });

  it('answers a lost device the same for everybody', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(`${url}/account`);
    await page.click('.aside a');
    expect(new URL(page.url()).pathname).toBe('/account/lost');
    await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
    await page.fill('input[type=email]', 'nobody@atelier.example');
    await page.click('form button[type=submit]');
    expect(await page.textContent('.note.good')).toContain('If this address has an account');
    await context.close();
  });
});

describe('enrolment', () => {
  it.each([
    ['the button', false],
    ['what the browser offers by itself', true],
  ])('goes from the invitation to a passkey, and signs in by %s', async (_, offers) => {
    const { context, page, troubles } = await openPage(browser, { viewport: desktop });
    await addAuthenticator(page);
    if (!offers)
      await page.addInitScript(() => {
        PublicKeyCredential.isConditionalMediationAvailable = async () => false;
      });
    await page.goto(`${url}/account/enrol#invitation-1`);
    await page.waitForSelector('text=Welcome, Ann');
    expect(page.url()).toBe(`${url}/account/enrol`); // the token is in no history
    expect(await page.locator('.card.ready').count()).toBe(0);
    await page.fill('form.inline input', 'Laptop');
    await page.click('form.inline button');
    await page.waitForSelector('.row-title >> text=Laptop');
    await page.click('text=Make recovery codes');
    await page.waitForSelector('.codes');
    expect(await page.locator('.codes li').count()).toBe(4);
    await page.click('text=I have kept them');
    expect(await page.locator('.codes').count()).toBe(0);
    await page.click('.card.ready button');
    if (!offers) await page.click('.passkey button');
    await page.waitForSelector('.menu');
    expect(serious(troubles)).toEqual([]);
    await context.close();
  });

  it('takes a password and an application for codes as well', async () => {
    const { context, page } = await openPage(browser, { viewport: phone });
    await page.goto(`${url}/account/enrol#invitation-1`);
    await page.fill('input[autocomplete=new-password]', 'Password1!');
    expect(await page.locator('.rules .kept').count()).toBe(2);
    await page.click('text=Set the password');
    await page.waitForSelector('.rules .refused');
    await page.fill('input[autocomplete=new-password]', 'short');
    expect(await page.locator('.rules .kept, .rules .refused').count()).toBe(0);
    await page.fill('input[autocomplete=new-password]', 'Tulips at 7 in Mai');
    await page.click('text=Set the password');
    await page.waitForSelector('.row-title >> text=Password');
    expect(await page.locator('.card.ready').count()).toBe(0); // a password alone is not enough
    await page.click('text=Set up an application');
    await page.waitForSelector('svg.qr');
    expect((await page.textContent('.secret'))?.replaceAll(' ', '')).toBe('JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP');
    await page.fill('.steps input', '999999');
    await page.click('.steps button');
    await page.waitForSelector('.steps .note.bad');
    await page.fill('.steps input', '123456');
    await page.click('.steps button');
    await page.waitForSelector('.card.ready');
    expect(await overflows(page)).toBe(false);
    await context.close();
  });

  it('says what to do with a link that has been used', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop, locale: 'fr-FR' });
    await page.goto(`${url}/account/enrol#invitation-0`);
    expect(await page.textContent('.note.bad')).toContain('Demandez-en une autre');
    await page.goto(`${url}/account/enrol`);
    await page.reload();
    expect(await page.textContent('.note.good')).toContain('invitation');
    await context.close();
  });
});

describe('the pages', () => {
  it('show a token once, and end it', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    await page.click('.menu a >> text=API tokens');
    await page.fill('form input:not([type])', 'Report');
    await page.click('text=Make a token');
    await page.waitForSelector('.once .secret');
    const token = await page.textContent('.once .secret');
    expect(token).toMatch(/^rdz_[\w-]{43}$/);
    await page.click('text=I have kept it');
    expect(await page.content()).not.toContain(token);
    await rowsAre(page, 2);
    await page.click('.row >> nth=1 >> button');
    await page.waitForSelector('.sure .danger:focus');
    await page.keyboard.press('Escape'); // not sure after all
    await page.waitForSelector('.sure', { state: 'detached' });
    await page.click('.row >> nth=1 >> button');
    await page.click('.sure .danger');
    await rowsAre(page, 1);
    await context.close();
  });

  it('end sessions', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    await page.click('.menu a >> text=Sessions');
    await rowsAre(page, 3);
    expect(await page.locator('.row .badge.here').count()).toBe(1);
    await page.click('.row >> nth=1 >> button');
    await rowsAre(page, 2);
    await page.click('text=End all others');
    await page.click('.sure .danger');
    await rowsAre(page, 1);
    await context.close();
  });

  it('keep the last way to sign in', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    await page.goto(`${url}/account/factors`);
    for (const left of [2, 1]) {
      await page.click('.row >> nth=0 >> button');
      await page.click('.sure .danger');
      await rowsAre(page, left);
    }
    await page.click('.row button');
    await page.click('.sure .danger');
    expect(await page.textContent('.row .note.bad')).toContain('Nothing would be left');
    await context.close();
  });

  it('change a function and end an account', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    await page.click('.menu a >> text=People');
    const bob = page.locator('.row', { hasText: 'Bob Serre' });
    await bob.locator('select').selectOption('auditor');
    await bob.locator('text=Change').click();
    await page.waitForFunction(() => document.querySelector('.rows')?.textContent?.includes('address@atelier.example · auditor'));
    await bob.locator('text=End the account').click();
    await bob.locator('.danger').click();
    await bob.locator('.account-ended').waitFor();
    expect(await page.locator('.row', { hasText: 'Ann Lindqvist' }).locator('button').count()).toBe(0); // nobody ends themself
    expect(await page.locator('.row', { hasText: 'Directory' }).locator('button').count()).toBe(1); // a service is not invited
    await context.close();
  });

  it('ask for a right, and approve another’s', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    await page.click('.menu a >> text=Raised rights');
    await page.fill('textarea >> nth=0', 'A colleague has left today');
    await page.selectOption('select >> nth=1', '30');
    await page.click('form >> nth=0 >> button[type=submit]');
    await page.waitForSelector('.row >> text=A colleague has left today');
    await page.click('button >> text="Approve"');
    await page.waitForFunction(() => document.querySelectorAll('.raise-active').length === 2);
    await context.close();
  });

  it('decide a review by keys alone', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await signIn(page);
    await page.goto(`${url}/account/reviews/v_1`);
    await page.waitForSelector('.review-item');
    expect(await page.locator('[data-item=i_4] button').count()).toBe(0); // somebody else's to decide
    await page.focus('.review-item');
    await page.keyboard.press('k');
    await page.waitForSelector('.decision-keep');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-item') === 'i_2');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('r'); // what ends at once is asked twice
    await page.waitForSelector('.review-item .danger');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.review-item .danger', { state: 'detached' });
    await page.keyboard.press('r');
    await page.waitForSelector('.review-item .danger');
    await page.keyboard.press('r');
    await page.waitForSelector('.decision-remove');
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-item') === 'i_2');
    await page.keyboard.press('c');
    await page.waitForSelector('.review-item select');
    await page.selectOption('.review-item select', 'organizer');
    await page.focus('[data-item=i_2]');
    await page.keyboard.press('c');
    await page.waitForSelector('.decision-change');
    expect(await page.textContent('[role=status].intro')).toContain('All is decided');
    await context.close();
  });

  it('show one’s meetings, and go back and forth', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await speak(page, 'fr');
    await signIn(page);
    await page.click('text=Weekly round');
    expect(await page.textContent('.facts')).toContain('tous les jeudis');
    expect(new URL(page.url()).pathname).toBe('/account/meetings/m_2');
    await page.goBack();
    await page.waitForSelector('.row >> text=Budget');
    await page.goto(`${url}/account/meetings/m_0`);
    await page.waitForSelector('.note.bad');
    await page.goto(`${url}/account/nothing`);
    await page.waitForSelector('text=Cette page n’existe pas');
    await context.close();
  });
});

const paths = [
  '', '/meetings/m_1', '/meetings/m_2', '/factors', '/sessions', '/tokens', '/people', '/raises', '/reviews',
  '/reviews/v_1', '/nothing',
];
// Both languages in both colour schemes, each size in both of either.
const narrow = { width: 320, height: 700 };
const looks: [string, BrowserContextOptions][] = [
  ['desktop, light', { viewport: desktop, locale: 'en-GB', colorScheme: 'light' }],
  ['desktop, dark', { viewport: desktop, locale: 'fr-FR', colorScheme: 'dark' }],
  ['320 px, light', { viewport: narrow, locale: 'fr-FR', colorScheme: 'light' }],
  ['320 px, dark', { viewport: narrow, locale: 'en-GB', colorScheme: 'dark' }],
];

describe.each(looks)('looks (%s)', (_, options) => {
  it('signed out', async () => {
    const { context, page, troubles, foreign } = await openPage(browser, { ...options, reducedMotion: 'reduce' });
    const check = async (step: string) => {
      expect(await axe(page), step).toEqual([]);
      expect(await overflows(page), `${step} overflows`).toBe(false);
    };
    await page.goto(`${url}/account`);
    await page.waitForSelector('input[type=email]');
    await check('sign in');
    await page.fill('input[type=email]', 'ann@atelier.example');
    await page.fill('input[type=password]', 'wrong');
    await page.click('form button[type=submit]');
    await page.fill('input[autocomplete=one-time-code]', '1');
    await page.click('form button[type=submit]');
    await page.waitForSelector('.note.bad');
    await check('code');
    await page.goto(`${url}/account/lost`);
    await page.waitForSelector('form');
    await check('lost');
    await page.goto(`${url}/account/enrol#invitation-1`);
    await page.waitForSelector('form.inline');
    await page.click('.card button:not([type=submit]) >> nth=0');
    await page.waitForSelector('svg.qr');
    await check('enrolment');
    expect(serious(troubles)).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('signed in', async () => {
    const { context, page, troubles, foreign } = await openPage(browser, options);
    await speak(page, options.locale?.slice(0, 2) ?? '');
    await signIn(page);
    for (const path of paths) {
      await page.goto(`${url}/account${path}`);
      await page.waitForSelector('.row, .facts, main .card');
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(options.locale?.slice(0, 2));
      expect(await axe(page), path).toEqual([]);
      expect(await overflows(page), `${path} overflows`).toBe(false);
    }
    expect(serious(troubles)).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });
});

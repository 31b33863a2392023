// An account from its invitation to its end of day, in Chromium, with the real service behind it.
import { createHmac } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, addAuthenticator, axe, desktop, launch, openPage, overflows, phone, startService } from './browser';

let browser: Browser;
let server: Service;
beforeAll(async () => {
  if (process.env['RENDEZ_SERVICE'] === undefined) return;
  browser = await launch();
  server = (await startService()) as Service;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const STEP_MS = 30_000;
const password = 'Tulips at 7 in the Mai';

/** The one-time code of a step (RFC 6238; base32 of RFC 4648). */
function codeOf(secret: string, step: number): string {
  const bits = [...secret].map((char) => alphabet.indexOf(char).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const hash = createHmac('sha1', key).update(counter).digest();
  const offset = (hash.at(-1) ?? 0) & 15;
  return String((hash.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A step that has not been used: the next, and waits until it may count. The first is the one before that of now,
 *  which counts too, unless it is about to end: so that few have to be waited for. */
async function unusedStep(used: number): Promise<number> {
  const wanted = Math.max(used + 1, Math.floor((Date.now() + 10_000) / STEP_MS) - 1);
  const begins = (wanted - 1) * STEP_MS; // one step ahead is taken too, for clocks that are ahead
  if (begins > Date.now()) await new Promise((resolve) => setTimeout(resolve, begins - Date.now()));
  return wanted;
}

async function enter(page: Page, code: string, words = password) {
  await page.fill('input[type=email]', 'alice.moreau@atelier-boreal.example');
  await page.fill('input[type=password]', words);
  await page.click('form button[type=submit]');
  await page.fill('input[autocomplete=one-time-code]', code);
  await page.click('form button[type=submit]');
}

/** The dialog as it should be, by keys: in the middle of what one does, and the focus goes back to it. */
async function dialogIsUp(page: Page) {
  await page.waitForSelector('dialog[open] input[type=password], dialog[open] .passkey button');
  expect(await axe(page)).toEqual([]);
  expect(await overflows(page)).toBe(false);
  await page.waitForFunction(() => document.activeElement?.closest('dialog') !== null);
}

const bearer = (token: string) =>
  fetch(`${server.url}/api/v1/meetings`, { headers: { Authorization: `Bearer ${token}` } });

describe.skipIf(process.env['RENDEZ_SERVICE'] === undefined)('an account of the real service', () => {
  it('is enrolled, signed in to, used, and left', async () => {
    const { context, page, foreign } = await openPage(browser, { viewport: desktop });
    await page.addInitScript(() => {
      PublicKeyCredential.isConditionalMediationAvailable = async () => false; // the button is tried
    });
    await page.goto(server.invitation);
    await page.waitForSelector('text=Welcome, Alice');
    expect(page.url()).toBe(`${server.url}/account/enrol`);
    await page.fill('input[autocomplete=new-password]', 'Password1!');
    await page.click('text=Set the password');
    await page.waitForSelector('.rules .refused'); // a common one, changed as everybody changes it
    await page.fill('input[autocomplete=new-password]', password);
    await page.click('text=Set the password');
    await page.waitForSelector('.row-title >> text=Password');
    expect(await page.locator('.card.ready').count()).toBe(0);
    await page.click('text=Set up an application');
    const secret = ((await page.textContent('.secret')) ?? '').replaceAll(' ', '');
    let step = await unusedStep(0);
    await page.fill('.steps input', codeOf(secret, step));
    await page.click('.steps button');
    await page.waitForSelector('.card.ready');
    await page.click('text=Make recovery codes');
    await page.waitForSelector('.codes');
    const recovery = (await page.textContent('.codes code')) ?? '';
    await page.click('text=I have kept them');
    expect(await axe(page)).toEqual([]);
    await page.click('.card.ready button');
    await page.waitForSelector('input[type=password]');
    await page.goto(server.invitation); // once
    await page.waitForSelector('.note.bad');
    await page.goto(`${server.url}/account`);

    await enter(page, codeOf(secret, step)); // a code is taken once
    await page.waitForSelector('.note.bad');
    step = await unusedStep(step);
    await enter(page, codeOf(secret, step), 'Tulips at 8 in the Mai');
    await page.waitForSelector('.note.bad');
    await enter(page, codeOf(secret, step)); // beside a wrong password it was not spent
    await page.waitForSelector('.menu');
    expect(await page.textContent('.who-name')).toBe('Alice Moreau');

    await page.click('.menu a >> text=API tokens');
    await page.fill('form input:not([type])', 'Report');
    await page.click('text=Make a token');
    const token = (await page.textContent('.once .secret')) ?? '';
    expect((await bearer(token)).status).toBe(200);
    expect(await (await bearer(token)).json()).toEqual({ meetings: [] });
    expect((await bearer(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).status).toBe(401);
    await page.click('text=I have kept it');
    await page.click('.row button');
    await page.click('.sure .danger');
    await page.waitForFunction(() => document.querySelectorAll('.row').length === 0);
    expect((await bearer(token)).status).toBe(401);

    server.age(); // five minutes later
    await page.fill('form input:not([type])', 'Later');
    await page.click('text=Make a token');
    await dialogIsUp(page);
    await page.keyboard.press('Escape');
    await page.waitForSelector('.note.bad >> text=Nothing was changed');
    await page.waitForFunction(() => document.activeElement?.textContent === 'Make a token');
    await page.keyboard.press('Enter');
    await dialogIsUp(page);
    await page.fill('dialog input[type=password]', 'Tulips at 8 in the Mai');
    step = await unusedStep(step);
    await page.fill('dialog input[autocomplete=one-time-code]', codeOf(secret, step));
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .note.bad');
    await page.fill('dialog input[type=password]', password);
    await page.keyboard.press('Enter'); // beside a wrong password the code was not spent
    await page.waitForSelector('.once .secret'); // what was wanted has gone on by itself
    expect(await page.locator('dialog').count()).toBe(0);
    await page.click('text=I have kept it');

    await page.click('.menu a >> text=Sessions');
    await page.waitForSelector('.badge.here');
    expect(await page.textContent('.row-title')).toContain('Chrome, Linux');
    await page.click('.out');
    await page.waitForSelector('input[type=password]');

    await page.fill('input[type=email]', 'alice.moreau@atelier-boreal.example');
    await page.fill('input[type=password]', password);
    await page.click('form button[type=submit]');
    await page.click('button.link >> nth=0');
    await page.fill('form input', recovery);
    await page.click('form button[type=submit]');
    await page.waitForSelector('.menu');
    expect(await page.locator('.menu a >> text=API tokens').count()).toBe(0); // not with a recovery code

    await addAuthenticator(page);
    await page.click('.menu a >> text=Signing in');
    await page.fill('form.inline input', 'Laptop');
    await page.click('form.inline button');
    await page.waitForSelector('.row-title >> text=Laptop');
    await page.click('.out');
    await page.waitForSelector('input[type=password]');
    await page.click('.passkey button');
    await page.waitForSelector('.menu');
    expect(await page.locator('.menu a >> text=API tokens').count()).toBe(1);

    server.age();
    await page.click('.menu a >> text=Signing in');
    await page.click('.languages button >> text=FR');
    await page.setViewportSize(phone);
    await page.click('.row:has-text("Laptop") button');
    await page.click('.sure .danger');
    await page.waitForSelector('dialog .passkey button:focus');
    await dialogIsUp(page);
    expect(await page.textContent('dialog h2')).toBe('Est-ce toujours vous ?');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => !document.querySelector('.rows')?.textContent?.includes('Laptop'));
    await page.click('.languages button >> text=EN');
    await page.setViewportSize(desktop);
    await page.click('.menu a >> text=Sessions');
    await page.waitForSelector('.row-more >> text=passkey');
    await page.click('.out');
    await page.waitForSelector('input[type=password]');
    expect(foreign).toEqual([]);
    await context.close();
  }, 150_000);
});

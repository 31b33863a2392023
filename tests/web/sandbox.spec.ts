// The sandbox page in Chromium, against the planner's double.
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Server, axe, desktop, launch, openPage, overflows, phone, startDouble, tablet } from './browser';

let browser: Browser;
let server: Server;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
beforeEach(async () => {
  server = await startDouble();
});
afterEach(() => server.stop());

/** Step one: Alice asks for a meeting with the first example. */
async function ask(page: Page) {
  await page.goto(server.url);
  await page.click('.guide .primary');
  await page.click('.example >> nth=0');
  await page.click('.compose button[type=submit]');
}

const looks = [
  { name: 'desktop, light', options: { viewport: desktop, colorScheme: 'light' as const, locale: 'fr-FR' } },
  { name: 'desktop, dark', options: { viewport: desktop, colorScheme: 'dark' as const } },
  { name: 'tablet', options: { viewport: tablet, colorScheme: 'light' as const } },
  { name: 'phone, light', options: { viewport: phone, colorScheme: 'light' as const, locale: 'fr-FR', hasTouch: true } },
  { name: 'phone, dark', options: { viewport: phone, colorScheme: 'dark' as const, hasTouch: true } },
];

/** Text spacing of WCAG 2.2, 1.4.12, and with it fonts wider than ours. */
const spaced = '* { letter-spacing: .12em !important; word-spacing: .16em !important; }';

it.each([320, 390])('keeps text that is set wider inside a screen of %i', async (width) => {
  const { context, page } = await openPage(browser, { viewport: { width, height: 740 }, bypassCSP: true, locale: 'fr-FR' });
  await page.goto(server.url);
  await page.waitForSelector('.empty');
  await page.addStyleTag({ content: spaced });
  expect(await overflows(page), 'empty mailbox').toBe(false);
  await page.click('.guide .primary');
  await page.click('.example >> nth=0');
  expect(await overflows(page), 'writing').toBe(false);
  await page.click('.compose button[type=submit]');
  await page.waitForSelector('.understood');
  expect(await overflows(page), 'understood').toBe(false);
  await context.close();
});

describe.each(looks)('one meeting ($name)', ({ options }) => {
  it('goes from the first mail to the calendars, accessible at every step', async () => {
    const { context, page, troubles, foreign } = await openPage(browser, options);
    const wide = options.viewport.width >= 1080;
    const check = async (step: string) => {
      expect(await axe(page), step).toEqual([]);
      expect(await overflows(page), `${step} overflows`).toBe(false);
    };
    await page.goto(server.url);
    await page.waitForSelector('.empty');
    await check('empty mailbox');

    await page.click('.guide .primary');
    await page.click('.example >> nth=0');
    expect(await page.locator('.recipients .chip').allTextContents()).toEqual(['Marc Delattre×', 'Camille×']);
    await check('writing');

    await page.click('.compose button[type=submit]');
    await page.waitForSelector('.understood');
    const marked = (await page.locator('mark').allTextContents()).join(' ');
    expect(marked).toContain('45 minutes');
    expect(await page.locator('.thread-head .status-proposing').count()).toBe(1);
    if (wide) {
      expect(await page.locator('.window').count()).toBe(2);
      expect(await page.locator('.slot').count()).toBe(3);
    }
    await check('understood');

    await page.click('.guide .primary');
    expect(await page.locator('.offer').count()).toBe(3);
    await check('offers');

    await page.click('.offer >> nth=1');
    await page.waitForSelector('button.selected');
    await check('guest page');
    await page.click('button.selected');
    await page.waitForSelector('.settled');
    await check('guest confirmed');

    await page.click('footer a');
    await page.waitForSelector('.guide .primary');
    await page.click('.guide .primary');
    await page.waitForSelector('.event.meeting');
    expect(await page.locator('.event.meeting').textContent()).toContain('Contrat Noroît');
    expect(await page.locator('.event.meeting').textContent()).toContain('16:30');
    expect(await page.locator('.slot, .window').count()).toBe(0);
    await check('calendar');
    if (!wide) await page.click('.tabs button >> nth=0');
    expect(await page.locator('.invitation').isVisible()).toBe(true);
    expect(await page.locator('.guide-steps .past').count()).toBe(3);
    await check('invitation');

    expect(troubles).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });
});

/** A mail with a time that is wished, one that is ruled out, one in doubt and a telephone number. */
async function askMore(page: Page) {
  await page.goto(server.url);
  await page.click('.guide .primary');
  await page.click('.example >> nth=0');
  await page.fill(
    '#text',
    'Peux-tu trouver 45 minutes, plutôt jeudi à 10h, ou mardi ou mercredi après-midi, sauf lundi. Mon numéro : 06 12 34 56 78.',
  );
  await page.click('.compose button[type=submit]');
  await page.waitForSelector('.understood');
}

describe('the words of a mail', () => {
  it('are marked one expression at a time, each by what is done with it', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await askMore(page);
    const words = (tone: string) => page.locator(`mark.is-${tone}`).allTextContents();
    expect(await words('preferred')).toEqual(['jeudi à 10h']);
    expect(await words('excluded')).toEqual(['lundi']);
    expect(await words('doubtful')).toEqual(['mardi ou mercredi après-midi']);
    expect(await words('none')).toEqual(['45 minutes']);
    expect(await words('mistake')).toEqual(['06 12 34 56 78']);
    expect(await words('cue')).toEqual(['trouver', 'plutôt', 'sauf']);
    const line = (tone: string) =>
      page.locator(`mark.is-${tone}`).evaluate((mark) => getComputedStyle(mark).textDecorationLine);
    expect(await line('excluded')).toBe('line-through'); // not by colour alone
    expect(await line('preferred')).toBe('underline');
    await context.close();
  });

  it('show their reading under the mouse, and keep it while the mouse is on it', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await askMore(page);
    await page.hover('mark.is-excluded');
    expect(await page.textContent('.tip')).toContain('Monday 2 March');
    expect(await page.textContent('.tip')).toContain('ruled out: “sauf” (exception)');
    expect(await axe(page)).toEqual([]);
    await page.hover('.tip strong');
    expect(await page.locator('.tip').count()).toBe(1);
    await page.hover('mark.is-doubtful');
    expect(await page.locator('.tip').count()).toBe(1);
    expect(await page.textContent('.tip')).toContain('Which week is meant? Or else: 10 Mar');
    await page.mouse.move(5, 5);
    await page.waitForSelector('.tip', { state: 'detached' });
    await context.close();
  });

  it('show it on focus by keyboard, and Escape puts it away', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop, locale: 'fr-FR' });
    await askMore(page);
    await page.focus('mark.is-preferred');
    expect(await page.textContent('.tip')).toContain('jeudi 5 mars, 10:00');
    expect(await page.getAttribute('mark.is-preferred', 'aria-expanded')).toBe('true');
    expect(await page.getAttribute('mark.is-preferred', 'aria-label')).toContain('préféré : « plutôt » (préférence)');
    await page.keyboard.press('Escape');
    expect(await page.locator('.tip').count()).toBe(0);
    await page.keyboard.press('Enter');
    expect(await page.locator('.tip').count()).toBe(1);
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('mardi ou mercredi après-midi');
    expect(await page.locator('.tip').count()).toBe(1);
    await context.close();
  });

  it('show it to a finger, within the screen', async () => {
    const { context, page } = await openPage(browser, { viewport: phone, hasTouch: true });
    await askMore(page);
    for (const tone of ['doubtful', 'excluded', 'mistake', 'none']) {
      await page.tap(`mark.is-${tone}`);
      await page.waitForSelector('.tip');
      const box = await page.locator('.tip').boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= phone.width, tone).toBe(true);
      expect(await overflows(page), tone).toBe(false);
      expect(await axe(page)).toEqual([]);
      await page.tap('.tip');
      expect(await page.locator('.tip').count()).toBe(0);
    }
    await context.close();
  });

  it('tell their whole derivation to whoever asks', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await askMore(page);
    expect(await page.locator('.why-tree >> nth=0').isVisible()).toBe(false);
    await page.click('.why summary');
    const tree = page.locator('.why-times > li', { hasText: 'jeudi à 10h' }).locator('.why-tree').first();
    expect(await tree.textContent()).toContain('moment thursday 10:00 → 5 Mar 10:00moment.date-time');
    expect(await tree.locator('.why-tree > li').count()).toBe(2);
    const lost = page.locator('.why-times > li', { hasText: 'mercredi' }).locator('.why-rivals');
    expect(await lost.textContent()).toContain('could be meant as well');
    expect(await page.locator('.why').textContent()).toContain('looks like a phone number');
    expect(await axe(page)).toEqual([]);
    await context.close();
  });
});

describe('the page', () => {
  it('shows what arrives while it is open', async () => {
    const alice = await openPage(browser, { viewport: desktop });
    const marc = await openPage(browser, { viewport: desktop });
    await marc.page.goto(server.url);
    await marc.page.click('.person >> nth=3');
    await ask(alice.page);
    await marc.page.waitForSelector('.thread-row');
    await marc.page.waitForSelector('.person[aria-current] .count');
    await marc.page.click('.thread-row');
    await marc.page.waitForSelector('.offer');
    await marc.page.waitForSelector('.person[aria-current]:not(:has(.count))');
    await marc.page.click('.thread-actions button >> nth=0');
    await marc.page.fill('#text', 'Le premier créneau me va.');
    await marc.page.click('.compose button[type=submit]');
    await alice.page.waitForSelector('.event.meeting');
    await marc.page.waitForSelector('.event.meeting');
    expect(await marc.page.locator('.understood').last().textContent()).toContain('accepts');
    await alice.context.close();
    await marc.context.close();
  });

  it('speaks both languages and remembers which', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop, locale: 'de-DE' });
    await page.goto(server.url);
    await page.waitForSelector('text=Alice’s mailbox');
    await page.click('text=Français');
    await page.waitForSelector('text=Boîte d’Alice');
    expect(await page.getAttribute('html', 'lang')).toBe('fr');
    await page.reload();
    await page.waitForSelector('text=Boîte d’Alice');
    await context.close();
  });

  it('keeps the place over a reload', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await ask(page);
    await page.waitForSelector('.understood');
    await page.reload();
    await page.waitForSelector('.understood');
    expect(await page.locator('.person[aria-current]').textContent()).toContain('Alice');
    await context.close();
  });

  it('can be used by keyboard alone', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(server.url);
    await page.waitForSelector('.empty');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.className)).toBe('skip');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.compose');
    await page.focus('#to');
    await page.keyboard.type('marc.delattre@noroit.example,');
    await page.waitForSelector('text=Marc Delattre×');
    await page.keyboard.press('Backspace'); // takes it back again
    await page.keyboard.type('emma.clarke@harbour.example');
    await page.keyboard.press('Tab');
    expect(await page.locator('.recipients >> nth=0').locator('.chip').allTextContents()).toEqual(['Emma Clarke×']);
    await page.focus('#text');
    await page.keyboard.type('Half an hour on Tuesday?');
    await page.keyboard.press('Control+Enter');
    await page.waitForSelector('.message');
    await context.close();
  });

  it('says what is missing and what the server refuses', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(server.url);
    await page.click('.guide .primary');
    await page.click('.compose button[type=submit]');
    expect(await page.textContent('.problem')).toBe('Who should get it?');
    await page.fill('#to', 'marc'); // a name will do
    await page.click('.compose button[type=submit]');
    expect(await page.textContent('.problem')).toBe('The message is empty.');
    expect(await page.locator('.recipients >> nth=0').locator('.chip').allTextContents()).toEqual(['Marc Delattre×']);
    await page.fill('#text', 'Hello');
    await page.fill('#subject', 'refuse this');
    await page.click('.compose button[type=submit]');
    await page.waitForSelector('text=Not sent: the planner refuses this mail');
    expect(await page.inputValue('#text')).toBe('Hello');
    expect(await axe(page)).toEqual([]);
    await context.close();
  });

  it('says that the assistant reads, as long as it does', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(server.url);
    await page.click('.guide .primary');
    await page.click('.example >> nth=0');
    await page.fill('#subject', 'leave waiting');
    await page.click('.compose button[type=submit]');
    await page.waitForSelector('.waiting');
    expect(await page.textContent('.waiting')).toContain('Camille is reading…');
    expect(await page.textContent('.guide')).toContain('looking at the calendars');
    expect(await axe(page)).toEqual([]);
    await context.close();
  });

  it('shows mail as text, whatever is in it', async () => {
    const { context, page, troubles } = await openPage(browser, { viewport: desktop });
    await page.goto(server.url);
    await page.click('.guide .primary');
    await page.fill('#to', 'marc.delattre@noroit.example');
    await page.fill('#subject', '<img src=x onerror=alert(1)>');
    await page.fill('#text', '<script>alert(1)</script> & <b>bold</b>');
    await page.click('.compose button[type=submit]');
    await page.waitForSelector('.message-text');
    expect(await page.textContent('.message-text')).toBe('<script>alert(1)</script> & <b>bold</b>');
    expect(await page.locator('.message-text b, .thread-head img').count()).toBe(0);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('waits for a server that is away, and goes on', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(server.url);
    await page.waitForSelector('.empty');
    await page.route('**/api/**', (route) => route.abort());
    await page.waitForSelector('.offline');
    expect(await axe(page)).toEqual([]);
    await page.unroute('**/api/**');
    await page.waitForSelector('.offline', { state: 'detached' });
    await page.route('**/api/**', (route) => route.abort());
    await page.reload();
    await page.waitForSelector('text=The service does not answer');
    expect(await axe(page)).toEqual([]);
    await page.unroute('**/api/**');
    await page.waitForSelector('.empty');
    await context.close();
  });

  it('turns the weeks', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(server.url);
    await page.waitForSelector('text=2 – 6 Mar 2026');
    await page.click('[aria-label="Next week"]');
    await page.waitForSelector('text=9 – 13 Mar 2026');
    expect(await page.locator('.event').count()).toBe(1);
    expect(await page.locator('.now').count()).toBe(0);
    await page.click('text=Today');
    await page.waitForSelector('.now');
    await context.close();
  });

  it('shows a guest’s times in the guest’s zone', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(server.url);
    await page.click('text=Emma Clarke');
    await page.waitForSelector('text=London time >> nth=1');
    await page.waitForSelector('text=Rendez never sees a guest’s own calendar');
    await context.close();
  });
});

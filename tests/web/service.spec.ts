// The main job of a newcomer, in Chromium, with the real service behind it: every role in
// its sandbox, the demonstration as `rendez init --demo` makes it, the real clock.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, axe, desktop, launch, openPage, phone, startService } from './browser';

let browser: Browser;
let server: Server;
beforeAll(async () => {
  if (process.env['RENDEZ_SERVICE'] === undefined) return;
  browser = await launch();
  server = (await startService()) as Server;
});
afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function write(page: Page, example: number) {
  await page.goto(server.url);
  await page.click('.person >> nth=0');
  await page.click('.empty .primary, .mailbox .write');
  await page.click(`.example >> nth=${example}`);
  await page.click('.compose button[type=submit]');
  await page.waitForSelector('.understood', { timeout: 30_000 });
  await page.waitForSelector('.thread-head .status-proposing', { timeout: 30_000 });
}

interface View {
  view: {
    meetings: { status: string; start: string | null; subject: string }[];
    calendars: { address: string; events: { title: string; start: string; meeting: string | null }[] }[];
  };
}
const look = async () => ((await (await fetch(`${server.url}/api/v1/sandbox`)).json()) as View).view;

describe.skipIf(process.env['RENDEZ_SERVICE'] === undefined)('with the real service', () => {
  it('organises a meeting, chosen by a click, in French', async () => {
    const { context, page, troubles, foreign } = await openPage(browser, { viewport: desktop, locale: 'fr-FR' });
    await write(page, 0);
    expect(await page.textContent('.understood')).toContain('demande un rendez-vous');
    expect(await page.textContent('.understood')).toContain('45 min');
    const marks = await page.locator('mark').allTextContents();
    expect(marks).toContain('45 minutes'); // expressions, not sentences
    expect(marks.every((words) => words.length < 60)).toBe(true);
    await page.focus('mark.is-allowed');
    await page.waitForSelector('.tip');
    await page.click('.why summary');
    expect(await page.locator('.why-tree').first().isVisible()).toBe(true);
    expect(await page.locator('.window').count()).toBeGreaterThan(0);
    await page.waitForSelector('.slot'); // once the proposal has gone out
    expect(await axe(page)).toEqual([]);

    await page.click('.guide .primary'); // opens Marc's mailbox
    await page.waitForSelector('.offer');
    await page.click('.offer >> nth=0');
    await page.waitForSelector('button.selected');
    expect((await look()).meetings.at(-1)?.status).toBe('proposing'); // opening chose nothing
    expect(await axe(page)).toEqual([]);
    await page.click('button.selected');
    await page.waitForSelector('.settled');
    expect(await axe(page)).toEqual([]);

    await page.click('footer a');
    await page.waitForSelector('.person >> nth=3');
    await page.click('.person >> nth=3');
    await page.waitForSelector('.invitation'); // in the guest's mailbox
    await page.waitForSelector('.event.meeting');
    await page.click('.person >> nth=0');
    await page.waitForSelector('.event.meeting'); // in the organizer's calendar
    await page.waitForSelector('.thread-head .status-confirmed');
    expect(await axe(page)).toEqual([]);
    const view = await look();
    const start = view.meetings.at(-1)?.start;
    const held = view.calendars.filter((c) => c.events.some((e) => e.meeting !== null && e.start === start));
    expect(held.map((c) => c.address).sort()).toEqual(
      ['alice.moreau@atelier-boreal.example', 'marc.delattre@noroit.example'],
    );
    expect(troubles).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('organises a meeting, answered in plain words on a phone, in English', async () => {
    const { context, page, troubles } = await openPage(browser, { viewport: phone, locale: 'en-GB', hasTouch: true });
    await write(page, 1);
    expect(await page.textContent('.understood')).toContain('video call');
    expect(await page.locator('mark.is-excluded').allTextContents()).toContain('Monday');
    await page.click('.person >> nth=4');
    await page.click('.thread-row >> nth=0');
    await page.waitForSelector('.offer');
    await page.click('.thread-actions button >> nth=0');
    await page.fill('#text', 'Hello,\n\nThe second one suits me.\n\nEmma');
    await page.click('.compose button[type=submit]');
    await page.waitForSelector('.thread-head .status-confirmed', { timeout: 30_000 });
    await page.waitForSelector('.invitation');
    expect(await page.locator('.understood').last().textContent()).toContain('accepts');
    await page.click('.tabs button >> nth=1');
    await page.waitForSelector('.event.meeting');
    expect(await axe(page)).toEqual([]);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('takes a guest’s "none of these" without confirming anything', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop, locale: 'fr-FR' });
    await write(page, 2);
    await page.click('.person >> nth=3');
    await page.waitForSelector('.offer');
    await page.click('.offer >> nth=0');
    await page.fill('textarea', 'Plutôt la semaine suivante, jeudi midi.');
    await page.click('button.plain');
    await page.waitForSelector('main h1');
    expect(await page.locator('.settled').count()).toBe(0);
    expect(await axe(page)).toEqual([]);
    expect((await look()).meetings.at(-1)?.status).not.toBe('confirmed');
    await context.close();
  });
});

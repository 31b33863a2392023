// What the specs of the supervisors' console begin with: Chromium, the double, a page of it.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { launch, openPage } from './browser';
import { type ConsoleDouble, type World, cases, startConsole } from './console.double';

let browser: Browser;
export let console_: ConsoleDouble;
let close: () => Promise<void>;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());
afterEach(async () => {
  await close();
  await console_.stop();
});

const room = { width: 1280, height: 800 };
/** Refusals, which Chromium writes into its own console. */
export const serious = (troubles: string[]) => troubles.filter((text) => !/status of (400|401|403|404|409|429)/.test(text));

export async function start(more: Partial<World> = {}, options: BrowserContextOptions = {}) {
  console_ = await startConsole(more);
  const opened = await openPage(browser, { viewport: room, timezoneId: 'Europe/Paris', ...options });
  close = () => opened.context.close();
  await opened.page.addInitScript((word) => localStorage.setItem('language', JSON.stringify(word)), options.locale?.slice(0, 2) ?? 'en');
  await opened.page.goto(console_.url);
  return { ...opened, world: console_.world };
}

export const only = (id: string) => cases().filter(({ task }) => task.id === id);
/** The page learns what the server's clock says, and whether all is well: as it does every few seconds. */
export const lookAgain = (page: Page) => page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
export const later = async (page: Page, world: World, ms: number) => {
  world.skew_ms = ms;
  await lookAgain(page);
};
export const asked = (world: World, end: string) => world.asked.filter(({ path }) => path.endsWith(end)).map(({ body }) => body);

export async function take(page: Page) {
  await page.waitForSelector('[data-state=idle]');
  await page.keyboard.press('n');
  await page.getByRole('heading', { name: /^(Request|Demande)$/ }).waitFor({ state: 'attached' });
}
export const draft = (page: Page) => page.getByRole('group', { name: /would be sent|serait envoyé/ });
export const state = (page: Page, name: string) => page.waitForSelector(`[data-state~=${name}]`);

// Takes doc/screenshot-sandbox.png: node scripts/screenshot.mjs URL OUT.png
// URL is a fresh demonstration (rendez init --demo; rendez serve).
// With a third word, doc/screenshot-account.png: URL is the double of tests/web, at localhost.
import { chromium } from 'playwright-core';

const [url, out, account] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu'] });
const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'en-GB' });

async function write(example) {
  await page.click('.person >> nth=0');
  await page.click('.empty .primary, .mailbox .write');
  await page.click(`.example >> nth=${example}`);
  await page.click('.compose button[type=submit]');
  await page.waitForSelector('.thread-head .status-proposing');
  await page.waitForSelector('.slot');
}

async function sandbox() {
  await page.goto(url);
  await page.waitForSelector('.person');
  await write(1); // a video call with Emma, who accepts
  await page.click('.person >> nth=4');
  await page.waitForSelector('.offer');
  await page.click('.offer >> nth=1');
  await page.click('button.selected');
  await page.click('footer a');
  await page.waitForSelector('.person >> nth=4');
  await page.click('.person >> nth=4');
  await page.waitForSelector('.invitation'); // and is read
  await write(0); // the meeting with Marc is under way
  await page.mouse.move(1390, 890);
  await page.waitForTimeout(2500);
  await page.screenshot({ path: out });
}

async function people() {
  await page.setViewportSize({ width: 1100, height: 640 });
  await page.goto(`${url}/account`);
  await page.fill('input[type=email]', 'ann@atelier.example');
  await page.fill('input[type=password]', 'Long enough 7');
  await page.click('form button[type=submit]');
  await page.fill('input[autocomplete=one-time-code]', '123456');
  await page.click('form button[type=submit]');
  await page.click('.menu a >> nth=4');
  await page.waitForSelector('.row');
  await page.mouse.move(1090, 630);
  await page.screenshot({ path: out });
}

await (account ? people() : sandbox());
await browser.close();

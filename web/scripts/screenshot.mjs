// Takes doc/screenshot-sandbox.png: node scripts/screenshot.mjs URL OUT.png
// URL is a fresh demonstration (rendez init --demo; rendez serve).
import { chromium } from 'playwright-core';

const [url, out] = process.argv.slice(2);
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
await browser.close();

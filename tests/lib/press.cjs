// node press.cjs URL CHOICE: opens a personal page in Chromium, checks that opening alone changes
// nothing it shows, presses the button with that value, prints the text of the page that follows.
const { createRequire } = require('node:module');
const { chromium } = createRequire(process.cwd() + '/package.json')('playwright-core');

const [url, choice] = process.argv.slice(2);

(async () => {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ locale: 'fr-FR' });
    page.setDefaultTimeout(10_000);
    await page.goto(url);
    const buttons = await page.locator('button[name=choice]').count();
    await page.reload();
    if ((await page.locator('button[name=choice]').count()) !== buttons) throw new Error('opening the link changed the page');
    await page.locator(`button[name=choice][value="${choice}"]`).click();
    await page.waitForLoadState();
    process.stdout.write(await page.locator('body').innerText());
  } finally {
    await browser.close();
  }
})().catch((problem) => {
  process.stderr.write(String(problem));
  process.exit(1);
});

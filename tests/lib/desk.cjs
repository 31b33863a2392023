// node desk.cjs FOLDER: a workstation's Chromium, whose certificates are in FOLDER (its home), driven by lines of JSON on stdin:
// {"do": NAME, …}, each answered by a line {"good": …} or {"bad": "why"}. Keys are pressed as a person does, one after the
// other, each once the page has answered the one before; how long that took the pages themselves measure (web/src/console/marks.ts).
const { createRequire } = require('node:module');
const { join } = require('node:path');
const readline = require('node:readline');
const { chromium } = createRequire(process.cwd() + '/package.json')('playwright-core');

const folder = process.argv[2];
const WAIT_MS = 10_000;
let context, page;
const troubles = [];

const measures = () => page.evaluate(() => performance.getEntriesByType('measure').map(({ name, duration }) => ({ name, ms: duration })));

const acts = {
  /** `hosts`: which name is at which address; nothing else is looked up. */
  async start({ hosts }) {
    const rules = [...Object.entries(hosts).map(([name, address]) => `MAP ${name} ${address}`), 'MAP * ~NOTFOUND'].join(',');
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: '/usr/bin/chromium',
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
        '--disable-sync', `--host-resolver-rules=${rules}`],
      env: { ...process.env, HOME: folder },
      locale: 'en-GB', timezoneId: 'Europe/Paris', viewport: { width: 1280, height: 800 },
    });
    page = context.pages()[0] ?? (await context.newPage());
    page.setDefaultTimeout(WAIT_MS);
    page.on('pageerror', (error) => troubles.push(error.message));
  },
  /** The person's own, in the workstation's reader. */
  async passkey({ site, id, user, key }) {
    const protocol = await context.newCDPSession(page);
    await protocol.send('WebAuthn.enable');
    const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', {
      options: { protocol: 'ctap2', transport: 'usb', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
    });
    await protocol.send('WebAuthn.addCredential', {
      authenticatorId,
      credential: { credentialId: id, isResidentCredential: true, rpId: site, privateKey: key, userHandle: user, signCount: 1 },
    });
  },
  /** The status, or what Chromium says where no page came. That a tunnel has come or gone says nothing about the page. */
  async open({ url, ms = WAIT_MS }) {
    for (;;) {
      const said = await page.goto(url, { timeout: ms }).then((response) => response?.status(),
        (error) => /net::\w+|Timeout/.exec(error.message)?.[0] ?? error.message);
      if (said !== 'net::ERR_NETWORK_CHANGED') return said;
    }
  },
  click: ({ button }) => page.getByRole('button', { name: button }).click(),
  async wait({ selector, text, ms = WAIT_MS }) {
    const found = page.locator(selector);
    await (text === undefined ? found : found.filter({ hasText: text })).first().waitFor({ timeout: ms, state: 'attached' });
  },
  text: ({ selector }) => page.locator(selector).first().innerText(),
  type: ({ text }) => page.keyboard.type(text),
  /** How long each was waited for, but those that only move about or choose a brush: "~2" is such a 2. */
  async keys({ keys }) {
    let wanted = 0;
    await page.evaluate(() => performance.clearMeasures());
    for (const key of keys) {
      await page.keyboard.press(key.replace('~', ''));
      if (!key.startsWith('~')) await page.waitForFunction((count) => performance.getEntriesByType('measure').length >= count, ++wanted);
    }
    return measures();
  },
  troubles: () => troubles,
};

async function main() {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { do: name, ...more } = JSON.parse(line);
    const said = await Promise.resolve(acts[name](more)).then((good) => ({ good: good ?? null }), (error) => ({ bad: String(error).slice(0, 600) }));
    process.stdout.write(`${JSON.stringify(said)}\n`);
  }
  await context?.close();
}
main().catch((error) => {
  process.stderr.write(String(error));
  process.exit(1);
});

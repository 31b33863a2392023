// A supervisor's Chromium for scripts/demo-console:
//   node console.mjs FOLDER enrol LINK   takes up an invitation with a passkey that Chromium plays, kept in FOLDER/passkey.json
//   node console.mjs FOLDER open URL     the console with that passkey and FOLDER/device.pem, until the window is closed;
//                                        without a screen pictures of it, in FOLDER
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [folder, what, url] = process.argv.slice(2);
const passkey = join(folder, 'passkey.json');
const hasScreen = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
// The console's certificate is of nobody whom a browser knows; this Chromium goes nowhere else.
const args = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--ignore-certificate-errors',
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1'];
if (process.getuid?.() === 0) args.push('--no-sandbox');

async function start(headless, options) {
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', headless, args });
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  const protocol = await context.newCDPSession(page);
  await protocol.send('WebAuthn.enable');
  const { authenticatorId } = await protocol.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
  return { browser, page, protocol, authenticatorId };
}

async function enrol() {
  const { browser, page, protocol, authenticatorId } = await start(true, {});
  await page.goto(url);
  await page.fill('form.inline input', 'Workstation');
  await page.click('form.inline button');
  await page.waitForSelector('.card.ready');
  const { credentials } = await protocol.send('WebAuthn.getCredentials', { authenticatorId });
  writeFileSync(passkey, JSON.stringify(credentials[0]), { mode: 0o600 });
  await browser.close();
}

async function pictures(page) {
  const keep = (name) => page.screenshot({ path: join(folder, `${name}.png`) });
  await page.waitForSelector('[data-count]:not([data-count="0"])');
  await keep('1-waiting');
  await page.keyboard.press('n');
  await page.waitForSelector('.acts');
  await keep('2-request');
  await page.keyboard.press('d');
  await page.waitForSelector('[data-state~=done]');
  await keep('3-decided');
  console.log(`no screen here: pictures are in ${folder}`);
}

async function open() {
  const device = join(folder, 'device.pem');
  const { browser, page, protocol, authenticatorId } = await start(!hasScreen, {
    clientCertificates: [{ origin: new URL(url).origin, certPath: device, keyPath: device }],
    viewport: hasScreen ? null : { width: 1400, height: 900 },
  });
  const credential = JSON.parse(readFileSync(passkey, 'utf8'));
  await protocol.send('WebAuthn.addCredential', { authenticatorId, credential });
  protocol.on('WebAuthn.credentialAsserted', ({ credential: used }) => writeFileSync(passkey, JSON.stringify(used), { mode: 0o600 }));
  await page.goto(url);
  await page.click('.signin button');
  if (hasScreen) await page.waitForEvent('close', { timeout: 0 });
  else await pictures(page);
  await browser.close();
}

await (what === 'enrol' ? enrol() : open());

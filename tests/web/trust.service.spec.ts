// The trust pages against the real service: what is claimed, what was found, the proof that it is in the log; messages,
// subscriptions. No script is needed, and none runs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, axe, desktop, launch, openPage, overflows, phone, shoot, startService } from './browser';

const root = fileURLToPath(new URL('../..', import.meta.url));
let browser: Browser;
let service: Service;

/** Once something was tried and is under a checkpoint. */
async function evidence(): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if ((await fetch(`${service.url}/trust/CERT-01/proof?wait=${i}`)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('no proof comes');
}

beforeAll(async () => {
  if (process.env['RENDEZ_SERVICE'] === undefined) return;
  browser = await launch();
  service = (await startService()) as Service;
  await evidence();
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const pages = ['/trust', '/trust/CERT-01', '/trust/AUT-07', '/trust/RH-01', '/trust/status', '/trust/registers', '/trust/contact',
  '/trust/subscribe', '/trust/auditor'];
const looks = [
  { language: 'en', name: 'wide', viewport: desktop, colorScheme: 'light' as const },
  { language: 'fr', name: 'phone', viewport: phone, colorScheme: 'light' as const },
  { language: 'fr', name: 'dark', viewport: desktop, colorScheme: 'dark' as const },
];

describe.skipIf(process.env['RENDEZ_SERVICE'] === undefined)('trust', () => {
  for (const { language, name, ...look } of looks)
    it(`can be read by everybody: ${language}, ${name}`, async () => {
      const { context, page } = await openPage(browser, { ...look, locale: language });
      for (const path of pages) {
        await page.goto(`${service.url}${path}?lang=${language}`);
        expect(await page.getAttribute('html', 'lang')).toBe(language);
        expect(await page.locator('script').count()).toBe(0);
        expect(await axe(page), path).toEqual([]);
        expect(await overflows(page), path).toBe(false);
        await shoot(page, `trust${path.replaceAll('/', '-')}-${language}-${name}`);
      }
      await context.close();
    });

  it('lists every claim, and counts what is missing', async () => {
    const { context, page, foreign } = await openPage(browser, { viewport: desktop, javaScriptEnabled: false });
    await page.goto(`${service.url}/trust`);
    expect(await page.locator('.claims > ol > li').count()).toBe(96);
    expect(await page.locator('section.claims').count()).toBe(14);
    const counts = (await page.locator('.counts strong').allTextContents()).map(Number);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(96);
    expect(await page.locator('.claims li.missing').count()).toBe(counts[4]);
    expect(await page.locator('.claims li.missing .state.holds').count()).toBe(0);
    expect(await page.locator('#AUT-07 .weak').count()).toBe(1); // a rule weaker than today's says so
    await page.click('#CERT-01 a');
    expect(await page.textContent('h1')).toContain('no certification');
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('gives a proof that rendez-verify accepts, and refuses a changed one', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop });
    await page.goto(`${service.url}/trust/CERT-01`);
    const key = await page.textContent('.keys dd code');
    expect(await page.textContent('pre')).toContain(`--key '${key}'`);
    const folder = mkdtempSync(join(tmpdir(), 'rendez-proof-'));
    const proof = await (await fetch(`${service.url}/trust/CERT-01/proof`)).text();
    const found = (await (await fetch(`${service.url}/trust/CERT-01/evidence.json`)).json()) as { finding: { facts_digest: string } };
    expect(Buffer.from(/^extra (.*)$/m.exec(proof)?.[1] ?? '', 'base64').toString()).toContain(`facts=${found.finding.facts_digest}`);
    const program = `${root}${process.env['RENDEZ_SERVICE']}/src/verify/rendez-verify`;
    const verify = (text: string) => {
      writeFileSync(join(folder, 'proof'), text);
      return execFileSync(program, ['--key', key ?? '', '--proof', join(folder, 'proof')], { encoding: 'utf8', stdio: 'pipe' });
    };
    expect(verify(proof)).toContain('the entry is in the log');
    expect(verify(proof + proof)).toContain('all entries of the file are in the log');
    expect(() => verify(proof.replace('extra M', 'extra N'))).toThrow();
    rmSync(folder, { recursive: true });
    await context.close();
  });

  it('takes a message and a subscription, and a GET changes nothing', async () => {
    const { context, page } = await openPage(browser, { viewport: phone, locale: 'fr-FR', javaScriptEnabled: false });
    await page.goto(`${service.url}/trust/contact`);
    await page.fill('#address', 'client@noroit.example');
    await page.fill('#text', 'Où sont les sauvegardes ?');
    await page.click('button[type=submit]');
    expect(await page.textContent('h1')).toBe('Votre message est arrivé');
    expect(await page.textContent('.lead')).toMatch(/tic_[a-z0-9]{26}/);
    await page.goto(`${service.url}/trust/subscribe`);
    await page.fill('#address', 'client@noroit.example');
    await page.click('button[type=submit]');
    expect(await page.textContent('h1')).toBe('Regardez votre messagerie');
    expect((await fetch(`${service.url}/trust/contact?address=a@b.example&text=x`)).status).toBe(200);
    expect((await fetch(`${service.url}/trust/contact`, { method: 'POST', body: 'address=&text=' })).status).toBe(400);
    await context.close();
  });

  it('answers a second time from what it knows, and has feed and security.txt', async () => {
    const first = await fetch(`${service.url}/trust/registers`);
    const tag = first.headers.get('etag') ?? '';
    expect(tag).not.toBe('');
    expect(first.headers.get('vary')).toBe('Accept-Language');
    expect((await fetch(`${service.url}/trust/registers`, { headers: { 'If-None-Match': tag } })).status).toBe(304);
    const feed = await (await fetch(`${service.url}/trust/changes.atom`)).text();
    expect(feed).toContain('<feed xmlns="http://www.w3.org/2005/Atom"');
    execFileSync('python3', ['-c', 'import sys, xml.dom.minidom as m; m.parseString(sys.stdin.buffer.read())'], { input: feed });
    const text = await (await fetch(`${service.url}/.well-known/security.txt`)).text();
    const expires = /^Expires: (.*)$/m.exec(text)?.[1] ?? '';
    expect(Date.parse(expires)).toBeGreaterThan(Date.now());
    for (const name of ['Contact', 'Canonical', 'Preferred-Languages']) expect(text).toMatch(new RegExp(`^${name}: .+`, 'm'));
  });

  it('shows the log to whoever has the right only', async () => {
    const response = await fetch(`${service.url}/trust/auditor`);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('/account');
    expect((await fetch(`${service.url}/trust/auditor/proofs`)).status).toBe(401);
  });
});

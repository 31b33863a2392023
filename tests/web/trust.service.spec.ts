// The trust pages against the real service: what is claimed, what was found, the proof that it is in the log; messages,
// subscriptions. No script is needed, and none runs.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Service, asRoot, axe, desktop, enrolByPasskey, launch, openPage, overflows, phone, shoot, startService } from './browser';

const root = fileURLToPath(new URL('../..', import.meta.url));
let browser: Browser;
let service: Service;

/** Once something was tried and is under a checkpoint. */
async function evidence(control: string): Promise<void> {
  for (let i = 0; i < 300; i++) {
    if ((await fetch(`${service.url}/trust/${control}/proof?wait=${i}`)).ok) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`no proof of ${control} comes`);
}

beforeAll(async () => {
  if (process.env['RENDEZ_SERVICE'] === undefined) return;
  browser = await launch();
  service = (await startService()) as Service;
  await evidence('CERT-01');
});
afterAll(async () => {
  await browser?.close();
  await service?.stop();
});

const verifier = `${root}${process.env['RENDEZ_SERVICE']}/src/verify/rendez-verify`;

/** The commands of the page, in a folder, by a shell that knows where the program is: what they print. */
function obey(commands: string, folder: string): string {
  const path = `${root}${process.env['RENDEZ_SERVICE']}/src/verify:${process.env['PATH']}`;
  return execFileSync('sh', ['-ec', commands], { cwd: folder, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, PATH: path } });
}

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
    const verify = (text: string) => {
      writeFileSync(join(folder, 'proof'), text);
      return execFileSync(verifier, ['--key', key ?? '', '--proof', join(folder, 'proof')], { encoding: 'utf8', stdio: 'pipe' });
    };
    expect(verify(proof)).toContain('the entry is in the log');
    expect(verify(proof)).toMatch(new RegExp(`^entry +[0-9]+ of [-0-9T:]+Z: control\\.check\\.done .*facts=${found.finding.facts_digest}`, 'm'));
    expect(verify(proof + proof)).toContain('all entries of the file are in the log');
    expect(() => verify(proof.replace('extra M', 'extra N'))).toThrow();
    rmSync(folder, { recursive: true });
    await context.close();
  });

  it('can be followed to the end by what the page says alone', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop, javaScriptEnabled: false });
    const seen = new Set<string>();
    for (const address of ['/trust', '/trust/CERT-01', '/trust/AUT-07', '/trust/CHIF-06']) {
      if (address !== '/trust') await evidence(address.split('/')[2] ?? '');
      for (let i = 0; i === 0 || (i < 40 && (await page.locator('.verify pre').count()) === 0); i++) {
        if (i > 0) await new Promise((resolve) => setTimeout(resolve, 250)); // the log has just begun
        await page.goto(`${service.url}${address}?again=${i}`);
      }
      const commands = (await page.textContent('.verify pre')) ?? '';
      const folder = mkdtempSync(join(tmpdir(), 'rendez-visitor-'));
      let said = '';
      for (let i = 0; said === ''; i++) {
        try {
          said = obey(commands, folder);
        } catch (problem) {
          if (i === 60) throw problem; // it was found a moment ago, and no checkpoint covers it yet
          await new Promise((resolve) => setTimeout(resolve, 250));
        }
      }
      const entry = /^entry .* control=([A-Z]+-[0-9]+) result=(holds|fails) .*?facts=([0-9a-f]{64})/m.exec(said);
      expect(entry?.[3], said).toMatch(new RegExp(`^${said.trim().split('\n').at(-1)?.split(' ')[0]}$`));
      if (address !== '/trust') expect(entry?.[1]).toBe(address.split('/')[2]);
      seen.add(entry?.[1] ?? '');
      rmSync(folder, { recursive: true });
    }
    expect(seen.size).toBeGreaterThanOrEqual(3);
    await context.close();
  });

  it('says how a red claim is mended', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop, javaScriptEnabled: false });
    await page.goto(`${service.url}/trust/AUD-02?lang=fr`);
    expect(await page.textContent('.mend')).toBe('Ce que l’exploitant saisit pour y remédier : rendez trust record AUD-02 --done DAY --evidence FILE');
    await page.goto(`${service.url}/trust/CERT-01`);
    expect(await page.locator('.mend').count()).toBe(0);
    await context.close();
  });

  it('is black on white on paper, and says where it is from', async () => {
    const { context, page } = await openPage(browser, { viewport: desktop, colorScheme: 'dark' });
    for (const path of pages) {
      await page.goto(service.url + path);
      await page.emulateMedia({ media: 'print' });
      await shoot(page, `trust${path.replaceAll('/', '-')}-print`);
      const { backgroundColor, color } = await page.evaluate(() => {
        const { backgroundColor, color } = getComputedStyle(document.body);
        return { backgroundColor, color };
      });
      expect([backgroundColor, color], path).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
      expect(await page.locator('.paper').isVisible(), path).toBe(true);
      expect(await page.textContent('.paper'), path).toBe(service.url + path);
      await page.emulateMedia({ media: 'screen' });
      expect(await page.locator('.paper').isVisible(), path).toBe(false);
    }
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

  it('shows an auditor what concerns their organisation, in both languages, with proofs', async () => {
    const [house, other] = ['atelier-noroit', 'quai-sept'];
    const made = asRoot(service.folder, [
      ['organisation.add', { id: house, kind: 'client' }],
      ['organisation.add', { id: other, kind: 'client' }],
      ['account.add', { organisation: other, function: 'organizer', language: 'en', name: 'Otto Blanc', address: `otto@${other}.example` }],
      ['account.add', { organisation: house, function: 'auditor', language: 'en', name: 'Audrey Petit', address: `audrey@${house}.example` }],
    ]);
    const { context, page, troubles, foreign } = await openPage(browser, { viewport: desktop, acceptDownloads: true });
    await enrolByPasskey(page, String(made[3]?.['link']));
    await page.click('.menu a[href^="/trust/auditor"]');
    const rows = page.locator('main table tbody tr');
    for (let i = 0; i < 60 && (await rows.count()) === 0; i++) {
      await page.waitForTimeout(250); // until a checkpoint covers them
      await page.reload();
    }
    const count = await rows.count();
    expect(count).toBeGreaterThan(2);
    for (const ids of await rows.locator('td:nth-child(4)').allTextContents()) expect(` ${ids} `).toContain(` organisation=${house} `);
    expect(await page.content()).not.toContain(other);
    expect(await page.content()).not.toContain('Audrey'); // the log knows nobody's name
    const folder = mkdtempSync(join(tmpdir(), 'rendez-auditor-'));
    const command = (await page.textContent('.verify pre')) ?? '';

    const [all] = await Promise.all([page.waitForEvent('download'), page.click('a.button[download]')]);
    expect(all.suggestedFilename()).toBe('proofs.txt');
    await all.saveAs(join(folder, all.suggestedFilename()));
    const said = obey(command, folder).split('\n').filter((line) => line.startsWith('entry '));
    expect(said.length).toBe(count);
    for (const line of said) expect(`${line} `).toContain(` organisation=${house} `);

    const number = await rows.first().locator('td').first().textContent();
    const [one] = await Promise.all([page.waitForEvent('download'), rows.first().locator('a[download]').click()]);
    expect(one.suggestedFilename()).toBe(`proof-${number}.txt`);
    await one.saveAs(join(folder, 'proofs.txt'));
    expect(obey(command, folder)).toMatch(new RegExp(`^entry +${number} of `, 'm'));
    rmSync(folder, { recursive: true });

    expect((await page.request.get(`${service.url}/trust/auditor/proofs?entry=0`)).status()).toBe(404); // not theirs
    expect((await page.request.get(`${service.url}/trust/auditor/proofs?entry=x`)).status()).toBe(404);
    for (const [language, viewport] of [['en', desktop], ['fr', phone]] as const) {
      await page.setViewportSize(viewport);
      await page.goto(`${service.url}/trust/auditor?lang=${language}&before=${Number(number) + 1}`);
      expect(await page.getAttribute('html', 'lang')).toBe(language);
      expect(await rows.first().locator('td').first().textContent()).toBe(number);
      expect(await axe(page), language).toEqual([]);
      expect(await overflows(page), language).toBe(false);
      await shoot(page, `trust-auditor-in-${language}`);
    }
    await page.click('main a[href^="/trust/auditor?lang="]');
    expect(await page.getAttribute('html', 'lang')).toBe('fr');
    expect(troubles.filter((text) => !text.includes('status of 401'))).toEqual([]); // before they had signed in
    expect(foreign).toEqual([]);
    await context.close();
  });

  it('is one step away from every other page', async () => {
    const { context, page } = await openPage(browser, { viewport: phone });
    for (const [path, language] of [['/', 'en'], ['/account', 'en'], ['/r/none', 'en']] as const) {
      await page.goto(service.url + path);
      await page.click('a[href^="/trust?lang="]');
      expect(new URL(page.url()).pathname, path).toBe('/trust');
      expect(await page.getAttribute('html', 'lang')).toBe(language);
    }
    await context.close();
  });

  it('shows the log to whoever has the right only', async () => {
    const response = await fetch(`${service.url}/trust/auditor`);
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('/account');
    expect((await fetch(`${service.url}/trust/auditor/proofs`)).status).toBe(401);
  });
});

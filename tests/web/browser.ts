// A server with the planner's double, a Chromium, and what the specs ask of a page.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, type BrowserContextOptions, type Page, chromium } from 'playwright-core';

const root = fileURLToPath(new URL('../..', import.meta.url));
const axeSource = readFileSync(`${root}web/node_modules/axe-core/axe.min.js`, 'utf8');

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** True once the server answers, whatever it says. */
async function answers(url: string): Promise<boolean> {
  for (let i = 0; i < 400; i++) {
    if (await fetch(url).then((response) => response.ok, () => false)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

export interface Server {
  url: string;
  stop: () => Promise<void>;
}

export interface Service extends Server {
  /** Of the account of the demonstration's first person, who is invited */
  invitation: string;
  folder: string;
  /** What every session has proved counts as shown five minutes earlier than it was. */
  age: () => void;
}

/** Beside the service, which sees that somebody else has written. */
function change(folder: string, statement: string): void {
  const program = 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1], timeout=10); c.execute(sys.argv[2]); c.commit(); c.close()';
  execFileSync('python3', ['-c', program, join(folder, 'identity', 'identity.db'), statement]);
}

/** Invites the first person of an installation that does not run yet: the link. RENDEZ_BUILD has the program. */
function invite(program: string, folder: string): string {
  const people = execFileSync(program, ['person', 'list', '--dir', folder, '--json'], { encoding: 'utf8' });
  const alice = JSON.parse(people.split('\n')[0] ?? '') as { id: string; organisation: string; address: string };
  const seed = `${root}${process.env['RENDEZ_BUILD'] ?? 'build-test'}/tests/roles/seed_account`;
  return execFileSync(seed, [folder, '-', alice.organisation, alice.address, alice.id], { encoding: 'utf8' }).trim();
}

/** authd's own code with the keys, as the command line asks it: one answer for each question. RENDEZ_BUILD has it. */
export function asRoot(folder: string, questions: readonly [command: string, members: object][]): Record<string, unknown>[] {
  const program = `${root}${process.env['RENDEZ_BUILD'] ?? 'build-test'}/tests/roles/as_root`;
  const input = questions.map(([command, members]) => `${command} ${JSON.stringify(members)}\n`).join('');
  const lines = execFileSync(program, [folder], { encoding: 'utf8', input }).trim().split('\n');
  return lines.map((line, i) => {
    if (line.startsWith('!')) throw new Error(`${questions[i]?.[0]}: ${line}`);
    return JSON.parse(line) as Record<string, unknown>;
  });
}

/** A key that `rendez init` has written as a comment, by its name alone. */
function set(folder: string, name: string, value: string): void {
  const path = join(folder, 'rendez.conf');
  const text = readFileSync(path, 'utf8');
  const line = new RegExp(`# ${name} = .*`);
  if (!line.test(text)) throw new Error(`no key ${name}`);
  writeFileSync(path, text.replace(line, `${name} = ${value};`));
}

/** The whole service with a fresh demonstration: every role, its sandbox on. The build
 *  folder comes from RENDEZ_SERVICE; null without. */
export async function startService(settings: Record<string, string> = {}): Promise<Service | null> {
  const build = process.env['RENDEZ_SERVICE'];
  if (build === undefined) return null;
  const program = `${root}${build}/src/roles/cli/rendez`;
  const folder = mkdtempSync(join(tmpdir(), 'rendez-web-'));
  const port = await freePort();
  const url = `http://localhost:${port}`; // a passkey belongs to a name
  const demo = join(folder, 'demo');
  execFileSync(program, ['init', '--demo', '--listen', `127.0.0.1:${port}`, '--public-url', url, demo]);
  for (const [name, value] of Object.entries(settings)) set(demo, name, value);
  const invitation = invite(program, demo);
  chmodSync(folder, 0o711); // started by root, roles are users of their own
  const events = openSync(join(folder, 'events.log'), 'a');
  const child = spawn(program, ['serve', demo], { stdio: ['ignore', events, events] });
  const stop = async () => {
    const ended = once(child, 'exit');
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  if (await answers(`http://127.0.0.1:${port}/healthz`)) {
    const age = () => change(demo, 'update session set proved = proved - 300000000');
    return { url, stop, invitation, folder: demo, age };
  }
  const said = readFileSync(join(folder, 'events.log'), 'utf8');
  await stop();
  throw new Error(`the service does not answer:\n${said}`);
}

/** The build folder comes from RENDEZ_BUILD; `make test` sets it. */
export async function startDouble(): Promise<Server> {
  const program = `${root}${process.env['RENDEZ_BUILD'] ?? 'build-test'}/tests/web/web_double`;
  if (!existsSync(program)) throw new Error(`${program} is not built (RENDEZ_BUILD names the build folder)`);
  const port = await freePort();
  const child: ChildProcess = spawn(program, [String(port), `${root}web/dist`, `${root}tests/web/double.json`, `${root}tests/web/account.json`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const url = `http://127.0.0.1:${port}`; // for passkeys: the same at localhost, as they want a name
  if (!(await answers(`${url}/healthz`))) throw new Error('the double does not answer');
  return {
    url,
    stop: async () => {
      if (child.exitCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

// Without the windows around the pages, which take more of a machine than the pages do. The tunnel suite has all of it.
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: '/usr/bin/chromium-headless-shell',
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  });

export const desktop = { width: 1400, height: 900 };
export const tablet = { width: 820, height: 1100 };
export const phone = { width: 390, height: 844 };

/** A page that remembers what went wrong in it: errors, refused scripts and styles. */
export async function openPage(browser: Browser, options: BrowserContextOptions) {
  const context: BrowserContext = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const troubles: string[] = [];
  const foreign: string[] = [];
  page.on('pageerror', (error) => troubles.push(error.message));
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('request', (request) => {
    if (!['127.0.0.1', 'localhost'].includes(new URL(request.url()).hostname)) foreign.push(request.url());
  });
  return { context, page, troubles, foreign };
}

/** An authenticator inside Chromium that knows who it is for, and says yes at once. */
export async function addAuthenticator(page: Page): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('WebAuthn.enable');
  await protocol.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true,
      isUserVerified: true, automaticPresenceSimulation: true,
    },
  });
}

/** From an invitation to the pages, by a passkey. */
export async function enrolByPasskey(page: Page, link: string): Promise<void> {
  await addAuthenticator(page);
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
  await page.goto(link);
  await page.fill('form.inline input', 'Laptop');
  await page.click('form.inline button');
  await page.click('.card.ready button');
  await page.click('.passkey button');
  await page.waitForSelector('.menu');
}

interface AxeResult {
  violations: { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] }[];
}

/** What axe-core (WCAG 2.2 A and AA, best practices) finds wrong, one line each. */
export async function axe(page: Page): Promise<string[]> {
  await page.evaluate(axeSource);
  // Colours count once nothing moves any more, but for what moves for ever.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((a) => a.effect?.getComputedTiming().iterations !== Infinity);
    return Promise.all(ending.map((a) => a.finished.catch(() => null)));
  });
  const result = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as AxeResult;
  return result.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')} ${n.failureSummary ?? v.help}`));
}

/** For whoever wants to look: RENDEZ_SHOTS names a folder. */
export async function shoot(page: Page, name: string): Promise<void> {
  const folder = process.env['RENDEZ_SHOTS'];
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Nothing sticks out of the window to the right. */
export const overflows = (page: Page): Promise<boolean> =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);

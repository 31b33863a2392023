// The console as a lead sees it: open requests, lessons, figures.
import { describe, expect, it } from 'vitest';
import { axe, overflows, shoot } from './browser';
import { asked, console_, serious, start, state } from './console.start';

describe('who leads', () => {
  it('sees what is open, and takes a certain one', async () => {
    const { page, world } = await start({ me: 'lead' });
    await page.getByRole('link', { name: 'Open requests' }).click();
    const row = page.getByRole('row', { name: /t_3/ });
    expect(await row.textContent()).toContain('complaint');
    expect(await page.content()).not.toMatch(/maquette|M\. D\./);
    await page.keyboard.press('d'); // nothing is done away from the desk
    await row.getByRole('button', { name: 'Take' }).click();
    await page.getByText('inadmissible').waitFor();
    expect(asked(world, '/next')).toEqual([{ task: 't_3', show: true }]);
  });

  it('accepts a lesson, and reads figures', async () => {
    const { page, world } = await start({ me: 'lead' });
    await page.getByRole('link', { name: 'Lessons' }).click();
    await page.locator('summary').first().click();
    await page.getByText('Nadia').first().waitFor();
    await page.getByRole('button', { name: 'Accept' }).click();
    await page.locator('.lesson-accepted').nth(1).waitFor();
    expect(asked(world, '/lessons/l_1')).toEqual([{ accept: true }]);
    await page.getByRole('link', { name: 'Figures' }).click();
    await page.getByRole('row', { name: /80–95 % 120 4/ }).waitFor();
  });

  it('sees figures as plots: by week or day, and each confidence with its interval', async () => {
    const { page, troubles } = await start({ me: 'lead' });
    await page.goto(`${console_.url}/#stats`);
    const plots = page.locator('.plot canvas');
    await plots.nth(2).waitFor();
    expect(await page.getByRole('img', { name: /^(Doubts|Agreement|Errors by confidence|Waited|Held)$/ }).count()).toBe(5);
    /** Whether something of that colour of the page was drawn. */
    const drawn = (which: number, colour: string) => plots.nth(which).evaluate((canvas: HTMLCanvasElement, name) => {
      const probe = document.createElement('canvas').getContext('2d')!;
      probe.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
      probe.fillRect(0, 0, 1, 1);
      const [r, g, b] = probe.getImageData(0, 0, 1, 1).data;
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b && data[i + 3] === 255) count++;
      return count;
    }, colour);
    expect(await drawn(0, '--accent')).toBeGreaterThan(100);
    expect(await drawn(1, '--accent')).toBeGreaterThan(100);
    expect(await drawn(2, '--rust-text')).toBeGreaterThan(100);
    const week = page.getByRole('button', { name: 'Week' });
    expect(await week.getAttribute('aria-pressed')).toBe('true'); // of twelve weeks
    await page.getByText('As a table').click();
    const weeks = await page.locator('.as-table tbody tr').count();
    await page.getByRole('button', { name: 'Day' }).click();
    expect(await page.locator('.as-table tbody tr').count()).toBeGreaterThan(4 * weeks);
    await page.getByText('of 180; 0.6–4.8').waitFor();
    await page.getByText('nine in ten within 12 min').waitFor();
    expect(serious(troubles)).toEqual([]);
  });

  it('prints figures, in which nobody is, and nothing else', async () => {
    const { page } = await start({ me: 'lead' }, { colorScheme: 'dark' });
    await page.goto(`${console_.url}/#stats`);
    await page.locator('.plot canvas').nth(2).waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.plot canvas').nth(2).isVisible()).toBe(true);
    expect(await page.getByRole('navigation').isVisible()).toBe(false);
    await page.goto(`${console_.url}/#open`);
    await page.locator('.lead .panel').first().waitFor({ state: 'attached' });
    expect(await page.locator('body').isVisible()).toBe(false);
  });

  it.each(['en-GB', 'fr-FR'])('reads figures on a narrow screen (%s)', async (locale) => {
    const { page } = await start({ me: 'lead' }, { locale, viewport: { width: 320, height: 700 } });
    await page.goto(`${console_.url}/#stats`);
    await page.locator('.plot canvas').nth(2).waitFor();
    await shoot(page, `console-320-${locale}-stats`);
    expect(await overflows(page)).toBe(false);
    expect(await axe(page)).toEqual([]);
  });

  it('is nobody else', async () => {
    const { page } = await start();
    await page.goto(`${console_.url}/#stats`);
    await state(page, 'idle');
    expect(await page.getByRole('navigation').count()).toBe(0);
  });
});

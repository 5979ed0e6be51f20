import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type Axe from 'axe-core';
import type { Page } from 'playwright-core';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** Of a web animation, what is asked here. */
type Movement = {
  effect: { getComputedTiming(): { endTime: number } } | null;
  finished: Promise<unknown>;
};

/** Shows the page in a colour scheme, and returns when it wears it. */
export async function inScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme="${colorScheme}"]`).waitFor();
  await comeToRest(page);
}

/** Waits for every movement of the page that ends: a colour on its way to another would be held against it. */
function comeToRest(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const { document: shown } = globalThis as unknown as { document: { getAnimations(): Movement[] } };
    const ending = shown
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/** What breaks WCAG 2.1 A and AA, as far as a machine can tell. */
export async function faultsOf(page: Page): Promise<string[]> {
  await comeToRest(page);
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(async () => {
    const { axe: found } = globalThis as unknown as { axe: Pick<typeof Axe, 'run'> };
    const { violations } = await found.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}`));
  });
}

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { furnish, signIn, takePicture, visit, words } from './furnished.ts';

test('a link with a token signs in, and the token leaves the address before anything else is done', async () => {
  await using house = await furnish();
  const anna = await house.hire('Anna', 5);
  const page = await visit(house, words.ru);
  const asked = Promise.withResolvers<string>();
  const mayAnswer = Promise.withResolvers<void>();
  await page.route('**/api/v1/session', async (route) => {
    asked.resolve(page.url());
    await mayAnswer.promise;
    await route.continue();
  });

  await page.goto(`${house.app.url}/#token=${anna.token}`);
  const shown = await asked.promise;
  mayAnswer.resolve();

  expect(shown).toBe(`${house.app.url}/`);
  await page.getByRole('link', { name: words.ru.mine }).first().waitFor();
  await page.goto(house.app.url);
  await page.getByRole('link', { name: words.ru.mine }).first().waitFor();
});

test('a link changes who is at the desk, on the page of sign-in and on any other', async () => {
  await using house = await furnish();
  const [anna, boris] = [await house.hire('Anna', 5), await house.hire('Boris', 3)];
  const page = await visit(house, words.en);
  const load = (most: number) => page.getByRole('button', { name: `0 of ${most}` });

  await page.goto(house.app.url);
  await page.getByRole('button', { name: words.en.byToken }).waitFor();
  await follow(page, `/#token=${anna.token}`);
  await load(5).waitFor();
  await follow(page, `#token=${boris.token}`);

  await load(3).waitFor();
  expect(page.url()).not.toContain(boris.token);
});

/** Follows an address within the page, as a click on a link in it does. */
function follow(page: Page, address: string): Promise<void> {
  return page.evaluate(`location.assign(${JSON.stringify(address)})`);
}

test('a link whose token is not known says so', async () => {
  await using house = await furnish();
  const page = await visit(house, words.en);

  await page.goto(`${house.app.url}/#token=lg_old_old_old_old_old_old_old_old`);

  await page.getByText(words.en.refused).waitFor();
  expect(page.url()).toBe(`${house.app.url}/`);
});

test.for(['en', 'ru'] as const)(
  'a demo says on every page that its data is temporary (%s)',
  async (language) => {
    await using house = await furnish();
    const anna = await house.hire('Anna', 5);
    const page = await signIn(house, anna.token, words[language]);
    expect(await page.getByText(words[language].demo).count()).toBe(0);
    await page.route('**/api/v1/session', async (route) => {
      const response = await route.fetch();
      const session = (await response.json()) as object;
      await route.fulfill({ response, json: { ...session, demo: true } });
    });

    await page.reload();

    await page.getByText(words[language].demo).waitFor();
    await takePicture(page, `demo-${language}`);
  },
);

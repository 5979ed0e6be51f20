import { expect, test } from 'vitest';
import { faultsOf, inScheme } from './axe.ts';
import { ADMIN_TOKEN, furnish, type Furnished, signIn, takePicture, words } from './furnished.ts';

const said = {
  en: {
    title: 'Promises',
    hold: 'All promises hold',
    checked: /checked \d+ sec\. ago/,
    refresh: 'Refresh',
    broken: '2 breaches of what always has to hold',
    load: 'The load of an operator is not the number of contacts assigned to it',
    anna: 'Anna (operator 1)',
    contact: 'Contact 1',
    person: 'This is left to a person',
    repair: 'Repair',
    repaired: 'Anna (operator 1): load 9 → 1',
    remains: 'The repair could not mend everything.',
    left: '1 breach of what always has to hold',
  },
  ru: {
    title: 'Обещания',
    hold: 'Все обещания соблюдаются',
    checked: /проверено \d+ сек\. назад/,
    refresh: 'Обновить',
    broken: '2 нарушения того, что должно быть всегда',
    load: 'Нагрузка оператора не равна числу назначенных ему обращений',
    anna: 'Anna (оператор 1)',
    contact: 'Обращение 1',
    person: 'Это решает человек',
    repair: 'Исправить',
    repaired: 'Anna (оператор 1): нагрузка 9 → 1',
    remains: 'Исправить удалось не всё.',
    left: '1 нарушение того, что должно быть всегда',
  },
} as const;

/** Somebody writes to the database and tells nobody. */
async function tampers({ app }: Furnished, ...statements: string[]): Promise<void> {
  await app.desk.store.write(async (tx) => {
    for (const sql of statements) await tx.em.execute(sql);
  });
}

test.for(['en', 'ru'] as const)(
  'a promise that is broken shows and is repaired as far as that can be done, and then all is quiet (%s)',
  async (language) => {
    await using house = await furnish();
    const speech = said[language];
    await house.hire('Anna', 5);
    await house.call('POST', '/contacts', { external_id: 'lead', source_code: 'shop', text: 'Hello?' });
    const page = await signIn(house, ADMIN_TOKEN, words[language]);
    await page.goto(`${house.app.url}/statistics`);
    await page.getByText(speech.hold).waitFor();
    await page.getByText(speech.checked).waitFor();
    await takePicture(page, `invariants-quiet-${language}`);

    await tampers(house, 'update operator set load = 9', 'update contact set closed_at = created_at');
    await page.getByRole('button', { name: speech.refresh, exact: true }).click();
    const promises = page.getByRole('region', { name: speech.title });
    await promises.getByText(speech.broken).waitFor();
    for (const text of [speech.load, speech.anna, speech.person]) await promises.getByText(text).waitFor();
    for (const scheme of ['light', 'dark'] as const) {
      await inScheme(page, scheme);
      await takePicture(page, `invariants-${language}-${scheme}`);
      expect(await faultsOf(page)).toEqual([]);
    }
    await promises.getByRole('button', { name: speech.repair, exact: true }).click();
    await promises.getByText(speech.repaired).waitFor();

    await promises.getByText(speech.remains).waitFor();
    await promises.getByText(speech.left).waitFor();
    expect(await promises.getByRole('button').count()).toBe(0);
    await takePicture(page, `invariants-repaired-${language}`);
    expect(await faultsOf(page)).toEqual([]);
    await promises.getByRole('link', { name: speech.contact }).click();
    await page.waitForURL('**/inbox/all/1');

    await tampers(house, 'update contact set closed_at = null');
    await page.goto(`${house.app.url}/statistics`);
    await page.getByText(speech.hold).waitFor();
    expect(await house.call('GET', '/operators/1')).toMatchObject({ load: 1 });
  },
);

test('a supervisor sees on a phone what does not hold, and leaves the repair to an admin', async () => {
  await using house = await furnish();
  const anna = await house.hire('Anna', 5);
  await house.call('PATCH', `/operators/${anna.id}`, { role: 'supervisor' });
  const { token } = await house.call('POST', '/tokens', { name: 'chief', operator_id: anna.id });
  await tampers(house, 'update operator set load = 9');
  const page = await signIn(house, String(token), words.en, { viewport: { width: 360, height: 740 } });
  await page.goto(`${house.app.url}/statistics`);

  const promises = page.getByRole('region', { name: said.en.title });
  await promises.getByText(said.en.anna).waitFor();
  await takePicture(page, 'invariants-phone');

  expect(await promises.getByText('1 breach of what always has to hold').count()).toBe(1);
  expect(await promises.getByRole('button').count()).toBe(0);
  expect(await faultsOf(page)).toEqual([]);
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsOf, inScheme } from './axe.ts';
import { ADMIN_TOKEN, furnish, type Furnished, signIn, takePicture, words } from './furnished.ts';

const said = {
  en: {
    nav: 'What-if',
    none: 'No contacts came in this time',
    toSynthetic: 'Take a made-up load',
    rate: 'Contacts an hour',
    rateFault: 'More than 0, and at most 100,000 contacts over the whole time.',
    minutes: 'Handling time, minutes',
    noEdits: 'No edits: the run shows how it is now',
    asIs: 'Without edits: both sides are the same.',
    edits: '2 edits',
    cap: 'Cap of Anna',
    weight: 'Weight of Boris for Shop bot',
    wasCap: 'now 5',
    wasWeight: 'now 30',
    share: '75% becomes 50%',
    run: 'Run',
    result: 'Result',
    with: 'With: Anna: cap 5 → 8; Shop bot: Boris 30 → 10',
    seed: /Seed \d+/,
    stale: 'Something was edited since',
    table: 'Operators',
    apply: 'Apply…',
    confirm: 'Apply 2 edits?',
    submit: 'Apply',
    applied: '2 edits are applied',
    lines: ['Anna: cap 5 → 8', 'Shop bot: Boris 30 → 10'],
  },
  ru: {
    nav: 'Что если',
    none: 'За это время обращений не было',
    toSynthetic: 'Взять условную нагрузку',
    rate: 'Обращений в час',
    rateFault: 'Больше 0 и не больше 100 000 обращений за всё время.',
    minutes: 'Время обработки, минуты',
    noEdits: 'Правок нет: прогон покажет, как сейчас',
    asIs: 'Без правок: обе стороны одинаковы.',
    edits: '2 правки',
    cap: 'Лимит: Anna',
    weight: 'Вес: Boris, Shop bot',
    wasCap: 'сейчас 5',
    wasWeight: 'сейчас 30',
    share: '75 % становится 50 %',
    run: 'Прогнать',
    result: 'Результат',
    with: 'С правками: Anna: лимит 5 → 8; Shop bot: Boris 30 → 10',
    seed: /Зерно \d+/,
    stale: 'С тех пор правки изменились',
    table: 'Операторы',
    apply: 'Применить…',
    confirm: 'Применить 2 правки?',
    submit: 'Применить',
    applied: 'Применены 2 правки',
    lines: ['Anna: лимит 5 → 8', 'Shop bot: Boris 30 → 10'],
  },
} as const;

type Said = (typeof said)[keyof typeof said];

/** Anna and Boris get one and three of four contacts of the bot. */
async function hireTwo(house: Furnished): Promise<{ anna: number; boris: number }> {
  const [anna, boris] = [await house.hire('Anna', 5), await house.hire('Boris', 3)];
  await house.call('PATCH', `/sources/${house.sourceId}/operators`, {
    operator_weights: [
      { operator_id: anna.id, weight: 10 },
      { operator_id: boris.id, weight: 30 },
    ],
  });
  return { anna: anna.id, boris: boris.id };
}

async function settingOf(house: Furnished, { anna }: { anna: number }) {
  const { max_load } = await house.call('GET', `/operators/${anna}`);
  const { items } = await house.call('GET', `/sources/${house.sourceId}/operators`);
  return { cap: max_load, weights: (items as { weight: number }[]).map(({ weight }) => weight) };
}

const press = (page: Page, name: string) => page.getByRole('button', { name, exact: true }).click();
const fill = (page: Page, label: string, text: string) => page.getByLabel(label, { exact: true }).fill(text);

/** Runs what is tried, and waits for what comes out. */
async function run(page: Page, speech: Said): Promise<string> {
  const answered = page.waitForResponse('**/api/v1/routing/simulate');
  await press(page, speech.run);
  expect((await answered).status()).toBe(200);
  await expect.poll(() => page.evaluate('document.activeElement.innerText')).toBe(speech.result);
  return page.getByRole('region', { name: speech.result, exact: true }).innerText();
}

/** Whether the page scrolls below its header, and not with it. */
const isWithinFrame = (page: Page) =>
  page.evaluate<boolean>('document.documentElement.scrollHeight <= innerHeight');

test.for(['en', 'ru'] as const)(
  'an admin tries a cap and a weight, sees the difference, and applies it (%s)',
  async (language) => {
    await using house = await furnish();
    const speech = said[language];
    const team = await hireTwo(house);
    const page = await signIn(house, ADMIN_TOKEN, words[language]);
    await page.getByRole('link', { name: speech.nav, exact: true }).click();
    await page.getByText(speech.noEdits).waitFor();

    await press(page, speech.run);
    await page.getByText(speech.none).waitFor();
    await takePicture(page, `what-if-none-${language}`);
    await press(page, speech.toSynthetic);
    await fill(page, speech.rate, '1000000');
    await press(page, speech.run);
    await page.getByText(speech.rateFault).waitFor();
    await fill(page, speech.rate, '20');
    await fill(page, speech.minutes, '30');
    const asIs = await run(page, speech);
    expect(asIs).toContain(speech.asIs);

    await fill(page, speech.cap, '8');
    await fill(page, speech.weight, '10');
    for (const text of [speech.edits, speech.wasCap, speech.wasWeight, speech.stale])
      await page.getByText(text).first().waitFor();
    await takePicture(page, `what-if-edits-${language}`);
    expect(await faultsOf(page)).toEqual([]);
    const changed = await run(page, speech);

    expect(changed).toContain(speech.with);
    expect(await isWithinFrame(page)).toBe(true);
    expect(changed).not.toContain(speech.stale);
    expect(speech.seed.exec(changed)?.[0]).toBe(speech.seed.exec(asIs)?.[0]);
    expect(await settingOf(house, team)).toEqual({ cap: 5, weights: [10, 30] });
    for (const scheme of ['light', 'dark'] as const) {
      await inScheme(page, scheme);
      await takePicture(page, `what-if-${language}-${scheme}`);
      expect(await faultsOf(page)).toEqual([]);
    }

    await press(page, speech.apply);
    const dialog = page.getByRole('dialog', { name: speech.confirm });
    for (const line of speech.lines) await dialog.getByText(line).waitFor();
    await takePicture(page, `what-if-apply-${language}`);
    expect(await faultsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: speech.submit, exact: true }).click();
    await page.getByText(speech.applied).waitFor();
    await page.getByText(speech.noEdits).waitFor();

    expect(await settingOf(house, team)).toEqual({ cap: 8, weights: [10, 10] });
  },
);

test('what could not be applied says why and stays; the rest is applied, and it can be tried again', async () => {
  await using house = await furnish();
  const speech = said.en;
  const team = await hireTwo(house);
  await house.call('POST', '/contacts', { external_id: 'lead', source_code: 'shop', text: 'Hello?' });
  const page = await signIn(house, ADMIN_TOKEN, words.en);
  await page.goto(`${house.app.url}/what-if`);
  await fill(page, speech.cap, '8');
  await fill(page, speech.weight, '10');
  await page.route(`**/api/v1/operators/${team.anna}`, (route) => route.abort());

  await press(page, speech.apply);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: speech.submit, exact: true }).click();
  await dialog.getByText('Not everything was applied').waitFor();
  await takePicture(page, 'what-if-failed');
  expect(await faultsOf(page)).toEqual([]);

  const [cap, weight] = speech.lines.map((line) => dialog.getByRole('listitem').filter({ hasText: line }));
  expect(await cap!.innerText()).toContain('No answer');
  await weight!.getByRole('img', { name: 'done' }).waitFor();
  expect(await settingOf(house, team)).toEqual({ cap: 5, weights: [10, 10] });
  await page.unroute(`**/api/v1/operators/${team.anna}`);
  await dialog.getByRole('button', { name: 'Try the rest again' }).click();
  await page.getByText('1 edit is applied').waitFor();
  expect(await settingOf(house, team)).toEqual({ cap: 8, weights: [10, 10] });
});

test('whoever is switched off leaves its contacts to the others, if that is what is chosen', async () => {
  await using house = await furnish();
  const { anna, boris } = await hireTwo(house);
  const help = await house.call('POST', '/sources', { name: 'Help desk', code: 'help' });
  await house.call('POST', `/operators/${boris}/weights`, { source_id: help.id, weight: 5 });
  await house.call('PATCH', `/operators/${boris}`, { availability: 'paused' });
  const { id } = await house.call('POST', '/contacts', {
    external_id: 'lead',
    source_code: 'shop',
    text: 'Hello?',
  });
  await house.call('PATCH', `/operators/${boris}`, { availability: 'available' });
  const page = await signIn(house, ADMIN_TOKEN, words.en);
  await page.goto(`${house.app.url}/what-if`);

  await page.getByRole('switch', { name: 'Anna: active' }).press(' ');
  await page.getByText('now active').waitFor();
  await run(page, said.en);
  await page.getByLabel('Contacts of', { exact: true }).selectOption('Help desk');
  const table = page.getByRole('table', { name: said.en.table, exact: true });
  expect(await table.getByRole('row').allInnerTexts()).toHaveLength(2);
  await takePicture(page, 'what-if-source');
  await page.getByRole('heading', { name: 'What-if' }).scrollIntoViewIfNeeded();
  await takePicture(page, 'what-if-sources');
  await press(page, said.en.apply);
  await page.getByRole('radiogroup', { name: '1 open contact' }).waitFor();
  await takePicture(page, 'what-if-off');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: said.en.submit, exact: true }).click();
  await page.getByText('1 edit is applied').waitFor();

  expect(await house.call('GET', `/operators/${anna}`)).toMatchObject({ is_active: false, load: 0 });
  expect(await house.call('GET', `/contacts/${id}`)).toMatchObject({ operator_id: boris });
});

test('a supervisor tries the real past on a phone, may not apply, and is asked before the edits are left', async () => {
  await using house = await furnish();
  const { anna, boris } = await hireTwo(house);
  for (let lead = 1; lead <= 9; lead += 1)
    await house.call('POST', '/contacts', { external_id: `${lead}`, source_code: 'shop', text: 'Hello?' });
  await house.call('POST', '/sources', { name: 'A help desk with quite a long name', code: 'help' });
  await house.call('PATCH', `/operators/${anna}`, { role: 'supervisor' });
  const { token } = await house.call('POST', '/tokens', { name: 'chief', operator_id: anna });
  const page = await signIn(house, String(token), words.en, { viewport: { width: 360, height: 740 } });
  await page.goto(`${house.app.url}/what-if`);
  await page.getByText(said.en.noEdits).waitFor();
  await takePicture(page, 'what-if-phone-top');

  await page.getByRole('button', { name: 'Sources All: 2' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'A help desk' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Sources Only Shop bot' }).waitFor();
  await fill(page, 'Cap of Boris', '0');
  await fill(page, said.en.cap, '0');
  expect(await page.getByRole('button', { name: said.en.apply }).count()).toBe(0);
  await takePicture(page, 'what-if-phone-edits');
  const result = await run(page, said.en);

  expect(result).toContain('9 contacts');
  expect(result).toContain('With these edits nobody may get a contact');
  expect(result).toContain('None of these contacts has been closed yet');
  expect(await isWithinFrame(page)).toBe(true);
  await takePicture(page, 'what-if-phone');
  expect(await faultsOf(page)).toEqual([]);
  await page.getByRole('link', { name: 'Statistics' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click();
  expect(await page.getByLabel('Cap of Boris', { exact: true }).inputValue()).toBe('0');
  await press(page, 'Reset');
  await page.getByRole('link', { name: 'Statistics' }).click();
  await page.waitForURL('**/statistics');
  expect(await house.call('GET', `/operators/${boris}`)).toMatchObject({ max_load: 3 });
});

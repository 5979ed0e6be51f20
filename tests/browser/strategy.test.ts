import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import type { Strategy } from '../../src/contract/decision.ts';
import { faultsOf } from './axe.ts';
import { ADMIN_TOKEN, furnish, type Furnished, signIn, takePicture, words } from './furnished.ts';

const said = {
  en: {
    field: 'Who gets a contact',
    save: 'Save',
    saved: 'The source is saved',
    why: 'Why this operator?',
    draw: /A weighted draw: .+Ticket \d was drawn of 0–3/s,
    turns: /Even turns by weight: .+ It was the turn of Anna\..*the share of Anna was 75%/s,
    load: /The least loaded first: .+Boris had 0 of 10 in use/s,
    nextBoris: /Next would have been Boris, [01] of 10 in use/,
    nextAnna: 'Next would have been Anna, 1 of 10 in use.',
    hints: {
      weighted_random: 'Each contact is drawn',
      smooth_weighted: 'The same shares by weight without chance',
      least_loaded: 'The smallest part of the cap in use',
    },
  },
  ru: {
    field: 'Кому достаётся обращение',
    save: 'Сохранить',
    saved: 'Источник сохранён',
    why: 'Почему этот оператор?',
    draw: /Взвешенный жребий: .+Выпал номер \d из 0–3/s,
    turns: /Ровная очередь по весам: .+ Подошла очередь оператора Anna\..*доля оператора Anna была 75\s%/s,
    load: /Сначала наименее загруженный: .+У оператора Boris было занято 0 из 10/s,
    nextBoris: /Следующим был бы оператор Boris: занято [01] из 10/,
    nextAnna: 'Следующим был бы оператор Anna: занято 1 из 10.',
    hints: {
      weighted_random: 'Каждое обращение разыгрывается',
      smooth_weighted: 'Те же доли по весам, но без случая',
      least_loaded: 'У кого занята меньшая часть лимита',
    },
  },
} as const;

type Said = (typeof said)[keyof typeof said];

/** Two operators who take three and one of four contacts. */
async function hireThreeToOne(house: Furnished): Promise<{ anna: number; boris: number }> {
  const [anna, boris] = [await house.hire('Anna', 10), await house.hire('Boris', 10)];
  await house.call('POST', `/operators/${anna.id}/weights`, { source_id: house.sourceId, weight: 3 });
  return { anna: anna.id, boris: boris.id };
}

async function open(house: Furnished, lead: string): Promise<{ id: number; operator_id?: unknown }> {
  return house.call('POST', '/contacts', { external_id: lead, source_code: 'shop', text: 'Hello?' });
}

/** Sets the strategy as an admin does, and finds it kept after a reload. */
async function choose(page: Page, house: Furnished, strategy: Strategy, speech: Said): Promise<void> {
  await page.goto(`${house.app.url}/sources/${house.sourceId}`);
  await page.getByLabel(speech.field).selectOption(strategy);
  await page.getByText(speech.hints[strategy]).waitFor();
  await page.getByRole('button', { name: speech.save, exact: true }).click();
  await page.getByText(speech.saved).waitFor();
  await page.reload();
  await page.getByText(speech.hints[strategy]).scrollIntoViewIfNeeded();
  expect(await page.getByLabel(speech.field).inputValue()).toBe(strategy);
}

/** What the console says of why a contact is where it is; the pane stays open from one contact to the next. */
async function reasonOf(page: Page, house: Furnished, id: number, speech: Said): Promise<string> {
  await page.goto(`${house.app.url}/inbox/all/${id}`);
  const button = page.getByRole('button', { name: speech.why });
  await button.waitFor();
  if ((await button.getAttribute('aria-pressed')) === 'false') await button.click();
  const pane = page.getByRole('complementary').filter({ has: page.getByRole('table') });
  return pane.innerText();
}

test.for(['en', 'ru'] as const)(
  'a source goes from draws to even turns, and contacts tell whose turn it was and who is next (%s)',
  async (language) => {
    await using house = await furnish();
    const speech = said[language];
    const { anna } = await hireThreeToOne(house);
    const page = await signIn(house, ADMIN_TOKEN, words[language]);
    const drawn = await open(house, 'drawn');

    await choose(page, house, 'smooth_weighted', speech);
    await takePicture(page, `strategy-${language}`);
    expect(await faultsOf(page)).toEqual([]);
    const turns = [];
    for (const lead of ['first', 'second', 'third', 'fourth']) turns.push(await open(house, lead));

    expect(turns.filter((contact) => contact.operator_id === anna)).toHaveLength(3);
    expect(await reasonOf(page, house, drawn.id, speech)).toMatch(speech.draw);
    const reason = await reasonOf(page, house, turns[0]!.id, speech);
    expect(reason).toMatch(speech.turns);
    expect(reason).toMatch(speech.nextBoris);
    await takePicture(page, `why-turns-${language}`);
    expect(await faultsOf(page)).toEqual([]);
  },
);

test.for(['en', 'ru'] as const)(
  'where the least loaded comes first, a contact tells the load of its operator and of the next (%s)',
  async (language) => {
    await using house = await furnish();
    const speech = said[language];
    const { anna, boris } = await hireThreeToOne(house);
    const page = await signIn(house, ADMIN_TOKEN, words[language]);
    await choose(page, house, 'least_loaded', speech);

    const first = await open(house, 'first');
    const second = await open(house, 'second');

    expect([first.operator_id, second.operator_id]).toEqual([anna, boris]);
    expect(await reasonOf(page, house, first.id, speech)).toMatch(speech.nextBoris);
    const reason = await reasonOf(page, house, second.id, speech);
    expect(reason).toMatch(speech.load);
    expect(reason).toContain(speech.nextAnna);
    await takePicture(page, `why-load-${language}`);
  },
);

test('a strategy that was chosen and not saved is not left without a question', async () => {
  await using house = await furnish();
  const page = await signIn(house, ADMIN_TOKEN, words.en);
  await page.goto(`${house.app.url}/sources/${house.sourceId}`);

  await page.getByLabel(said.en.field).selectOption('least_loaded');
  await page.getByRole('link', { name: 'All sources' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Reset' }).click();

  expect(await page.getByLabel(said.en.field).inputValue()).toBe('weighted_random');
  expect(await house.call('GET', '/sources/shop')).toMatchObject({ strategy: 'weighted_random' });
});

import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsOf } from './axe.ts';
import { ADMIN_TOKEN, BOT_TOKEN, furnish, type Furnished, signIn, takePicture, words } from './furnished.ts';

const said = {
  en: {
    onOffline: 'When an operator goes offline',
    save: 'Save',
    saved: 'The source is saved',
    open: 'Hand over the contacts of Anna…',
    stillOn: 'Anna takes new contacts still.',
    preview: ['Boris: 2 contacts', '1 contact will wait in the queue'],
    handOver: 'Hand over',
    changed: 'Things have moved meanwhile',
    fresh: 'Boris: 3 contacts',
    done: 'Anna: 3 handed over, 0 back in the queue',
    toggle: 'Boris: active',
    fate: 'They go straight to others',
    back: 'Anna: 3 contacts',
    off: 'Deactivate',
    isOff: 'Boris is deactivated',
    trail: ['Handed over by the rule: Anna → Boris', 'Handed over by the rule: Boris → Anna'],
    why: 'Why this operator?',
    trigger: 'the contact was handed over from another operator',
  },
  ru: {
    onOffline: 'Когда оператор уходит из сети',
    save: 'Сохранить',
    saved: 'Источник сохранён',
    open: 'Передать обращения оператора Anna…',
    stillOn: 'Anna всё ещё принимает новые обращения.',
    preview: ['Boris: 2 обращения', '1 обращение будет ждать в очереди'],
    handOver: 'Передать',
    changed: 'За это время всё изменилось',
    fresh: 'Boris: 3 обращения',
    done: 'Anna: передано 3, снова в очереди 0',
    toggle: 'Boris: активен',
    fate: 'Сразу перейдут к другим',
    back: 'Anna: 3 обращения',
    off: 'Отключить',
    isOff: 'Оператор отключён: Boris',
    trail: ['Передано по правилу: Anna → Boris', 'Передано по правилу: Boris → Anna'],
    why: 'Почему этот оператор?',
    trigger: 'обращение передали от другого оператора',
  },
} as const;

type Said = (typeof said)[keyof typeof said];

/** An admin says what becomes of the contacts of whoever goes offline, and finds it kept after a reload. */
async function chooseOffline(page: Page, house: Furnished, speech: Said): Promise<void> {
  const field = page.getByLabel(speech.onOffline, { exact: true });
  await page.goto(`${house.app.url}/sources/${house.sourceId}`);
  await field.selectOption('hand_over');
  await page.getByRole('button', { name: speech.save, exact: true }).click();
  await page.getByText(speech.saved).waitFor();
  await page.reload();
  await field.waitFor();
  expect(await field.inputValue()).toBe('hand_over');
}

/** Anna has three contacts, Boris has room for two. */
async function fillAnna(house: Furnished): Promise<{ anna: number; boris: number }> {
  const [anna, boris] = [await house.hire('Anna', 5), await house.hire('Boris', 2)];
  await house.call('PATCH', `/operators/${boris.id}`, { availability: 'paused' });
  for (const [id, name] of ['Oleg', 'Nina', 'Vera'].entries())
    house.api.customer(BOT_TOKEN, { id: 70 + id, first_name: name }).writes(`Hello from ${name}`);
  const load = async () => (await house.call('GET', `/operators/${anna.id}`))['load'];
  await expect.poll(load, { timeout: 10_000 }).toBe(3);
  await house.call('PATCH', `/operators/${boris.id}`, { availability: 'available' });
  return { anna: anna.id, boris: boris.id };
}

test.for(['en', 'ru'] as const)(
  'an admin sees who will get what, and hands over just that or nothing (%s)',
  async (language) => {
    await using house = await furnish();
    const speech = said[language];
    const { anna, boris } = await fillAnna(house);
    const colorScheme = language === 'ru' ? 'dark' : 'light';
    const page = await signIn(house, ADMIN_TOKEN, words[language], { colorScheme });
    await chooseOffline(page, house, speech);
    await page.goto(`${house.app.url}/operators`);
    const dialog = page.getByRole('dialog');

    await page.getByRole('button', { name: speech.open, exact: true }).click();
    for (const line of [...speech.preview, speech.stillOn]) await dialog.getByText(line).waitFor();
    await takePicture(page, `hand-over-${language}`);
    expect(await faultsOf(page)).toEqual([]);
    await house.call('PATCH', `/operators/${boris}`, { max_load: 3 });
    await dialog.getByRole('button', { name: speech.handOver, exact: true }).click();
    await dialog.getByText(speech.changed).waitFor();
    await dialog.getByText(speech.fresh).waitFor();
    await takePicture(page, `hand-over-changed-${language}`);
    expect(await faultsOf(page)).toEqual([]);
    expect(await house.call('GET', `/operators/${anna}`)).toMatchObject({ load: 3 });
    await dialog.getByRole('button', { name: speech.handOver, exact: true }).click();
    await page.getByText(speech.done).waitFor();
    await dialog.waitFor({ state: 'detached' });

    await page.getByRole('switch', { name: speech.toggle, exact: true }).click({ force: true });
    await dialog.getByRole('radio', { name: speech.fate, exact: true }).check();
    await dialog.getByText(speech.back).waitFor();
    await takePicture(page, `hand-over-off-${language}`);
    expect(await faultsOf(page)).toEqual([]);
    await dialog.getByRole('button', { name: speech.off, exact: true }).click();
    await page.getByText(speech.isOff).waitFor();

    expect(await house.call('GET', `/operators/${boris}`)).toMatchObject({ is_active: false, load: 0 });
    expect(await house.call('GET', `/operators/${anna}`)).toMatchObject({ load: 3 });
    await page.goto(`${house.app.url}/inbox/all/1`);
    for (const line of speech.trail) await page.getByRole('log').getByText(line).waitFor();
    await page.getByRole('button', { name: speech.why }).click();
    const pane = page.getByRole('complementary').filter({ has: page.getByRole('table') });
    await pane.getByText(speech.trigger).first().waitFor();
    await takePicture(page, `hand-over-trail-${language}`);
  },
);

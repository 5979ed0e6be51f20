import { expect, test } from 'vitest';
import { faultsOf } from './axe.ts';
import { ADMIN_TOKEN, BOT_TOKEN, furnish, signIn, takePicture, words } from './furnished.ts';

const said = words.en;

test('a waiting contact is taken, transferred to a colleague who sees it at once, and closed', async () => {
  await using house = await furnish();
  const [anna, boris] = [await house.hire('Anna', 5), await house.hire('Boris', 5)];
  for (const { id } of [anna, boris])
    await house.call('PATCH', `/operators/${id}`, { availability: 'paused' });
  const hers = await signIn(house, anna.token, said);
  const his = await signIn(house, boris.token, said);
  for (const page of [hers, his]) await page.getByRole('link', { name: said.queue }).first().click();

  house.api.customer(BOT_TOKEN, { id: 41, first_name: 'Oleg' }).writes('Where is my parcel?');
  await his.getByRole('listitem').filter({ hasText: 'Oleg' }).waitFor();
  await hers.getByRole('listitem').filter({ hasText: 'Oleg' }).getByRole('link').click();
  await hers.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'Take' }).click();
  await hers.getByRole('textbox', { name: said.message, exact: true }).waitFor();
  await his.getByRole('listitem').filter({ hasText: 'Oleg' }).waitFor({ state: 'detached' });

  await house.call('PATCH', `/operators/${boris.id}`, { availability: 'available' });
  await his.getByRole('link', { name: said.mine }).first().click();
  await hers.getByRole('button', { name: 'More actions' }).click();
  await hers.getByRole('menuitem', { name: 'Transfer' }).click();
  await hers.getByRole('radio', { name: /Boris/ }).check();
  await hers.getByRole('dialog').getByRole('button', { name: 'Transfer' }).click();

  await his.getByRole('listitem').filter({ hasText: 'Oleg' }).getByRole('link').click();
  await hers.getByText('You no longer see this contact').waitFor();
  await his.getByRole('button', { name: 'Why me?' }).click();
  await his.getByRole('complementary', { name: 'Why me?' }).getByText('The rule found nobody').waitFor();
  await takePicture(his, 'why');
  await his.getByRole('group', { name: 'Actions' }).getByRole('button', { name: 'Close' }).click();
  await his.getByRole('button', { name: 'Close contact' }).click();
  await his.getByText('The contact is closed').waitFor();
  await his.getByRole('listitem').filter({ hasText: 'Oleg' }).waitFor({ state: 'detached' });
  const closed = await house.call('GET', '/contacts/1');
  expect(closed).toMatchObject({ status: 'closed', operator_id: boris.id });
});

test('a console that was cut off catches up by itself, and what was typed meanwhile is sent once', async () => {
  await using house = await furnish();
  const anna = await house.hire('Anna', 5);
  const page = await signIn(house, anna.token, said);
  const oleg = house.api.customer(BOT_TOKEN, { id: 42, first_name: 'Oleg' });
  oleg.writes('Hello?');
  await page.getByRole('listitem').filter({ hasText: 'Oleg' }).getByRole('link').click();
  await page.getByRole('log').getByText('Hello?').waitFor();

  await page.context().setOffline(true);
  oleg.writes('Is anybody there?');
  await page.getByRole('textbox', { name: said.message, exact: true }).fill('I am here.');
  await page.getByRole('button', { name: said.send, exact: true }).click();
  await page.context().setOffline(false);

  await page.getByRole('log').getByText('Is anybody there?').waitFor();
  await house.api.waitForSent(({ text }) => text === 'I am here.');
  await page.getByRole('log').getByLabel(said.sent, { exact: true }).waitFor();
  expect(house.api.sent.filter(({ text }) => text === 'I am here.')).toHaveLength(1);
  expect(await page.getByRole('log').getByText('I am here.').count()).toBe(1);
});

test.for(['light', 'dark'] as const)('the inbox has no fault that axe can see (%s)', async (colorScheme) => {
  await using house = await furnish();
  const anna = await house.hire('Anna', 5);
  const page = await signIn(house, anna.token, said, { colorScheme });
  house.api.customer(BOT_TOKEN, { id: 43, first_name: 'Oleg' }).writes('Hello?');
  await page.getByRole('listitem').filter({ hasText: 'Oleg' }).getByRole('link').click();
  await page.getByRole('log').getByText('Hello?').waitFor();

  expect(await faultsOf(page)).toEqual([]);
});

test.for([
  ['sources', 'Shop bot'],
  ['sources/1', 'For everybody'],
  ['operators', 'Anna'],
  ['weights', 'Anna'],
  ['what-if', 'Anna'],
  ['statistics', 'Anna'],
] as const)('an admin finds the room %s, and axe finds no fault in it', async ([room, shown]) => {
  await using house = await furnish();
  await house.hire('Anna', 5);
  const page = await signIn(house, ADMIN_TOKEN, said);

  await page.goto(`${house.app.url}/${room}`);
  await page.getByRole('main').getByText(shown).first().waitFor();

  await takePicture(page, room.replace('/', '-'));
  expect(await faultsOf(page)).toEqual([]);
});

import { expect, test } from 'vitest';
import { faultsOf } from './axe.ts';
import { ADMIN_TOKEN, BOT_TOKEN, furnish, signIn, takePicture, words } from './furnished.ts';

test('an admin greets new customers in their language, in one that was added too', async () => {
  await using house = await furnish();
  const page = await signIn(house, ADMIN_TOKEN, words.en);
  await page.getByRole('link', { name: 'Sources' }).click();
  await page.getByRole('link', { name: 'Shop bot' }).click();

  const greeting = page.getByRole('group', { name: 'Greeting' });
  await greeting.getByRole('textbox', { name: 'For everybody' }).fill('Hello!');
  await greeting.getByRole('textbox', { name: 'Russian (ru)' }).fill('Здравствуйте!');
  await greeting.getByRole('textbox', { name: 'Another language' }).fill('deutsch, bitte');
  await greeting.getByRole('textbox', { name: 'Another language' }).press('Enter');
  await page.getByText('This is not the tag of a language').waitFor();
  await greeting.getByRole('textbox', { name: 'Another language' }).fill('DE');
  await greeting.getByRole('textbox', { name: 'Another language' }).press('Enter');
  await greeting.getByRole('textbox', { name: 'German (de)' }).fill('Guten Tag!');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The source is saved').waitFor();

  await takePicture(page, 'source-en');
  const source = await house.call('GET', '/sources/shop');
  expect(source).toMatchObject({ greeting: 'Hello!', greetings: { ru: 'Здравствуйте!', de: 'Guten Tag!' } });
  expect(await page.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
});

test('a notice that does not say where the place goes is refused at its field, in its language', async () => {
  await using house = await furnish();
  const page = await signIn(house, ADMIN_TOKEN, words.ru);
  await page.goto(`${house.app.url}/sources/${house.sourceId}`);
  const notices = page.getByRole('group', { name: 'Место в очереди' });
  const [forAll, inRussian] = [
    notices.getByRole('textbox', { name: 'Для всех' }),
    notices.getByRole('textbox', { name: 'Русский (ru)' }),
  ];

  await forAll.fill('You are {place} in the queue.');
  await inRussian.fill('Ждите');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await notices.getByText('Напишите {place} и на этом языке').waitFor();
  const faulty = [await forAll.getAttribute('aria-invalid'), await inRussian.getAttribute('aria-invalid')];
  const focused = await inRussian.evaluate((field) => field.matches(':focus'));
  await takePicture(page, 'notice-ru');
  const faults = await faultsOf(page);
  await inRussian.fill('Вы {place}-й в очереди.');
  await page.getByRole('button', { name: 'Сохранить' }).click();
  await page.getByRole('button', { name: 'Сохранить', disabled: true }).waitFor();

  expect([faulty, focused, faults]).toEqual([[null, 'true'], true, []]);
  expect(await house.call('GET', '/sources/shop')).toMatchObject({
    queue_notice: 'You are {place} in the queue.',
    queue_notices: { ru: 'Вы {place}-й в очереди.' },
  });
});

test.for([
  ['en', 'The token is refused', 'Take the present one from @BotFather'],
  ['ru', 'Токен не принят', 'Возьмите нынешний у @BotFather'],
] as const)('a source whose token is refused says what to do (%s)', async ([language, state, advice]) => {
  await using house = await furnish();
  const page = await signIn(house, ADMIN_TOKEN, words[language], { colorScheme: 'dark' });
  await page.goto(`${house.app.url}/sources/${house.sourceId}`);

  house.api.removeBot(BOT_TOKEN);

  await page.getByText(state).waitFor();
  await page.getByText(advice).waitFor();
  await takePicture(page, `advice-${language}`);
  expect(await faultsOf(page)).toEqual([]);
  await page.goto(`${house.app.url}/sources`);
  await page.getByText(advice).waitFor();
});

test('unsaved changes of a source are not left without a question', async () => {
  await using house = await furnish();
  const page = await signIn(house, ADMIN_TOKEN, words.en);
  await page.goto(`${house.app.url}/sources/${house.sourceId}`);

  const greeting = page.getByRole('group', { name: 'Greeting' });
  await greeting.getByRole('textbox', { name: 'For everybody' }).fill('Hello!');
  await page.getByRole('link', { name: 'All sources' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Stay' }).click();
  await page.getByRole('button', { name: 'Reset' }).click();
  await page.getByRole('link', { name: 'All sources' }).click();

  await page.getByRole('button', { name: 'Add a source' }).waitFor();
  expect(await house.call('GET', '/sources/shop')).toMatchObject({ greeting: null });
});

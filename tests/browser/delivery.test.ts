import { expect, test } from 'vitest';
import { faultsOf, inScheme } from './axe.ts';
import {
  BOT_TOKEN,
  enter,
  furnish,
  openContact,
  reply,
  signIn,
  takePicture,
  visit,
  words,
} from './furnished.ts';

const SENT = 'Yes, two are left.';

test.for(['en', 'ru'] as const)(
  'a reply that Telegram refused is sent again by its operator, and arrives once (%s)',
  async (language) => {
    await using house = await furnish();
    const said = words[language];
    const anna = await house.hire('Anna', 5);
    const page = await signIn(house, anna.token, said);
    house.api.customer(BOT_TOKEN, { id: 51, first_name: 'Maria' }).writes('Is it in stock?');
    await openContact(page, 'Maria', 'Is it in stock?');
    const log = page.getByRole('log');
    house.api.failNext('sendMessage', { status: 400, description: 'Bad Request: not today' });

    await reply(page, SENT, said);
    await log.getByText('Bad Request: not today').waitFor();
    await takePicture(page, `failed-${language}`);
    await log.getByRole('button', { name: said.retry }).click();

    await log.getByLabel(said.sent, { exact: true }).waitFor();
    expect(house.api.sent.filter(({ text }) => text === SENT)).toHaveLength(1);
    expect(await log.getByText(SENT).count()).toBe(1);
    expect(await log.getByText('Bad Request: not today').count()).toBe(0);
  },
);

test('a reply that may have arrived is sent again by a person alone', async () => {
  await using house = await furnish();
  const said = words.ru;
  const anna = await house.hire('Anna', 5);
  const page = await signIn(house, anna.token, said);
  house.api.customer(BOT_TOKEN, { id: 52, first_name: 'Maria' }).writes('Is it in stock?');
  await openContact(page, 'Maria', 'Is it in stock?');
  const log = page.getByRole('log');
  house.api.failNext('sendMessage', { afterSend: true });

  await reply(page, SENT, said);
  await log.getByText(said.uncertain).waitFor();
  await takePicture(page, 'uncertain-ru');
  expect(house.api.sent.filter(({ text }) => text === SENT)).toHaveLength(1);
  await log.getByRole('button', { name: said.again }).click();

  await log.getByLabel(said.sent, { exact: true }).waitFor();
  expect(house.api.sent.filter(({ text }) => text === SENT)).toHaveLength(2);
  expect(await log.getByText(said.uncertain).count()).toBe(0);
});

test('a reply whose answer cannot be understood reaches the customer once, however often it is sent', async () => {
  await using house = await furnish();
  const said = words.en;
  const anna = await house.hire('Anna', 5);
  const page = await visit(house, said);
  // The console must not hear of the message in another way.
  let isDeaf = false;
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      if (!isDeaf) socket.send(message);
    });
  });
  await enter(page, house, anna.token, said);
  house.api.customer(BOT_TOKEN, { id: 53, first_name: 'Maria' }).writes('Is it in stock?');
  await openContact(page, 'Maria', 'Is it in stock?');
  isDeaf = true;
  await page.route(
    '**/api/v1/contacts/*/messages',
    async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { from: 'another version' } });
    },
    { times: 1 },
  );

  await reply(page, SENT, said);
  const again = page.getByRole('log').getByRole('button', { name: said.again });
  await again.waitFor();
  await house.api.waitForSent(({ text }) => text === SENT);
  const answered = page.waitForResponse(/\/messages$/);
  await again.click();
  await (await answered).finished();
  await again.waitFor({ state: 'detached' });
  await reply(page, 'Anything else?', said);

  await house.api.waitForSent(({ text }) => text === 'Anything else?');
  expect(house.api.sent.filter(({ text }) => text === SENT)).toHaveLength(1);
});

test.for(['en', 'ru'] as const)(
  'a customer who blocks the bot is shown as such in row and thread until they write again (%s)',
  async (language) => {
    await using house = await furnish();
    const said = words[language];
    const anna = await house.hire('Anna', 5);
    const page = await signIn(house, anna.token, said);
    const maria = house.api.customer(BOT_TOKEN, { id: 54, first_name: 'Maria' });
    maria.writes('Is it in stock?');
    await openContact(page, 'Maria', 'Is it in stock?');
    const row = page.getByRole('listitem').filter({ hasText: 'Maria' });
    const notice = page.getByRole('status').filter({ hasText: said.blocked });
    maria.blocks();

    await reply(page, SENT, said);
    await notice.waitFor();
    await row.getByText(said.blocked).waitFor();
    await takePicture(page, `blocked-${language}`);
    await inScheme(page, 'dark');
    await takePicture(page, `blocked-${language}-dark`);
    expect(await faultsOf(page)).toEqual([]);
    maria.unblocks();
    maria.writes('Sorry, wrong button.');

    await notice.waitFor({ state: 'detached' });
    await row.getByText(said.blocked).waitFor({ state: 'detached' });
    await page.getByRole('log').getByRole('button', { name: said.retry }).click();
    await house.api.waitForSent(({ text }) => text === SENT);
    await page.getByRole('log').getByLabel(said.sent, { exact: true }).waitFor();
  },
);

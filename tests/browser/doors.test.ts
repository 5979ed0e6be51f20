import { expect, test } from 'vitest';
import { startGateway } from '../support/gateway.ts';
import { freshFolder } from '../support/http.ts';
import { furnish, launchBrowser, visit, words } from './furnished.ts';
import {
  comeIn,
  EMAIL,
  enterPassword,
  fillSetup,
  languages,
  look,
  OTHER_PASSWORD,
  PASSWORD,
  said,
  settled,
  signOut,
} from './settled.ts';

test.for(languages)(
  'the first admin comes in by the code that the gateway printed, and then by the password (%s)',
  async (language) => {
    await using folder = await freshFolder();
    await using gateway = await startGateway({ DATABASE_URL: `sqlite:${folder.path}/leadgate.db` });
    const printed = await gateway.says(/\/setup#code=/);
    const browser = await launchBrowser();
    await using _ = { [Symbol.asyncDispose]: () => browser.close() };
    const { locale } = words[language];
    const page = await (await browser.newContext({ locale })).newPage();
    const speech = said[language];

    await page.goto(gateway.url);
    await page.waitForURL('**/setup');
    await page.goto(printed.trim());
    await page.getByLabel(speech.name).waitFor();
    expect(page.url()).toBe(`${gateway.url}/setup`);
    expect(await page.getByLabel(speech.code).inputValue()).toBe(printed.split('#code=')[1]);
    await fillSetup(page, language, 'too short');
    await page.getByText(speech.short).waitFor();
    await look(page, `setup-${language}`);
    await fillSetup(page, language, PASSWORD);
    await page.getByRole('heading', { name: speech.welcome }).waitFor();
    await look(page, `first-run-${language}`);

    await signOut(page, language);
    await page.reload();
    await page.getByLabel(speech.email).waitFor();
    await look(page, `sign-in-${language}`);
    await enterPassword(page, EMAIL, 'not my password', language);
    await page.getByText(speech.wrong).waitFor();
    await look(page, `sign-in-wrong-${language}`);
    await enterPassword(page, EMAIL, PASSWORD, language);
    await page.getByRole('heading', { name: speech.welcome }).waitFor();
    await page.goto(gateway.url);
    await page.getByRole('link', { name: words[language].queue }).first().waitFor();

    await page.goto(`${gateway.url}/setup`);
    await page.getByText(speech.closed).waitFor();
    await look(page, `setup-closed-${language}`);
  },
);

test('who is not heard, or guesses too often, is told so and when to try again', async () => {
  await using house = await furnish();
  await signOut(await settled(house));
  const page = await visit(house, words.en);
  await page.goto(house.app.url);

  await page.getByLabel(said.en.email).waitFor();
  await page.route('**/api/v1/session', (route) => route.abort());
  await enterPassword(page, EMAIL, PASSWORD);
  await page.getByText('No answer from the gateway.').waitFor();
  await page.unrouteAll();
  for (let tries = 0; tries < 7; tries += 1) {
    const answered = page.waitForResponse('**/api/v1/session');
    await enterPassword(page, EMAIL, 'not my password');
    await answered;
  }

  await page.getByText(/Try again in \d+ seconds?/).waitFor();
});

test('an operator is invited, sets a password in its own browser, and sees no more than an operator', async () => {
  await using house = await furnish();
  const page = await settled(house);
  const anna = { name: 'Anna', email: 'anna@example.com' };
  await house.call('POST', '/operators', anna);
  await house.call('POST', '/operators', { name: 'Boris' });

  await page.goto(`${house.app.url}/operators`);
  await page.getByRole('button', { name: 'Invite Boris' }).click();
  await page.getByText('Boris has no e-mail').waitFor();
  await look(page, 'invite-no-email');
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Invite Anna' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  const link = await page.getByLabel('Link for Anna', { exact: true }).inputValue();
  await look(page, 'invite-made');
  expect(link).toContain(`${house.app.url}/invite#code=`);

  const hers = await visit(house, words.en);
  await hers.goto(link);
  await hers.getByText('For Anna, anna@example.com').waitFor();
  expect(hers.url()).toBe(`${house.app.url}/invite`);
  await hers.getByLabel('Password', { exact: true }).fill('anna anna anna');
  await hers.getByRole('button', { name: 'Set and sign in' }).click();
  await hers.getByText('This one is guessed first').waitFor();
  await look(hers, 'invite');
  await hers.getByLabel('Password', { exact: true }).fill(OTHER_PASSWORD);
  await hers.getByRole('button', { name: 'Set and sign in' }).click();
  await hers.getByRole('link', { name: words.en.mine }).first().waitFor();
  expect(await hers.getByRole('navigation', { name: 'Sections' }).count()).toBe(0);
  await hers.getByRole('button', { name: 'Account and settings' }).click();
  await hers.getByRole('menuitem', { name: 'Settings' }).click();
  await hers.getByText('this one').waitFor();
  expect(await hers.getByRole('navigation', { name: 'Settings' }).count()).toBe(0);
  await hers.goto(`${house.app.url}/settings/audit`);
  await hers.waitForURL('**/inbox/**');

  const somebody = await visit(house, words.ru);
  await somebody.goto(link);
  await somebody.getByText('Ссылка больше не действует').waitFor();
  await look(somebody, 'invite-spent-ru');
});

test('a session that is ended, and a password that is changed, sign the other browser out at once', async () => {
  await using house = await furnish();
  const page = await settled(house);
  const other = await comeIn(house);
  const asked = other.getByRole('dialog', { name: 'Sign in again' });
  await page.goto(`${house.app.url}/settings/security`);
  const sessions = page.getByRole('region', { name: 'Where you are signed in' });
  await expect.poll(() => sessions.getByRole('listitem').count()).toBe(2);
  await look(page, 'security-en');

  await sessions.getByRole('button', { name: /^End the session/ }).click();
  await asked.waitFor({ timeout: 2_000 });
  await look(other, 'ask-again');
  expect(await asked.getByLabel('E-mail').inputValue()).toBe(EMAIL);
  await asked.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await asked.getByRole('button', { name: 'Sign in', exact: true }).click();
  await asked.waitFor({ state: 'detached' });

  await page.getByLabel('Present password').fill('not my password');
  await page.getByLabel('New password').fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('This is not your password.').waitFor();
  await page.getByLabel('Present password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('The password is changed').waitFor();
  await asked.waitFor({ timeout: 2_000 });
  await expect.poll(() => sessions.getByRole('listitem').count()).toBe(1);
  expect(await page.getByRole('dialog').count()).toBe(0);

  await asked.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await asked.getByRole('button', { name: 'Sign in', exact: true }).click();
  await other.getByText(said.en.wrong).waitFor();
  await asked.getByLabel('Password', { exact: true }).fill(OTHER_PASSWORD);
  await asked.getByRole('button', { name: 'Sign in', exact: true }).click();
  await asked.waitFor({ state: 'detached' });
});

test('whoever has signed out stays out, though the gateway did not hear of it', async () => {
  await using house = await furnish();
  const page = await settled(house);
  await page.route('**/api/v1/session', (route) =>
    route.request().method() === 'DELETE' ? route.abort() : route.continue(),
  );

  await signOut(page);
  await page.getByLabel('E-mail').waitFor();
  await page.unrouteAll();
  const ended = page.waitForResponse((answer) => answer.request().method() === 'DELETE');
  await page.reload();

  expect((await ended).status()).toBe(204);
  await page.getByLabel('E-mail').waitFor();
  const sessions = await house.app.desk.store.em().execute('select count(*) as count from session');
  expect(sessions).toEqual([{ count: 0 }]);
});

test('the tabs of a browser have one session: who signs in again or as another in one does so in all', async () => {
  await using house = await furnish();
  const page = await settled(house);
  const tab = await page.context().newPage();
  await tab.goto(`${house.app.url}/operators`);
  const asked = [page, tab].map((each) => each.getByRole('dialog', { name: 'Sign in again' }));
  const elsewhere = await comeIn(house);
  await elsewhere.goto(`${house.app.url}/settings/security`);
  await elsewhere.getByRole('button', { name: 'End all others' }).click();
  await Promise.all(asked.map((dialog) => dialog.waitFor()));

  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await asked[0]!.waitFor({ state: 'detached' });
  // A browser without a window gives the focus to no tab.
  await tab.evaluate<unknown>('dispatchEvent(new Event("focus"))');
  await asked[1]!.waitFor({ state: 'detached' });
  await tab.getByRole('heading', { name: 'Operators' }).waitFor();

  const { id } = await house.call('POST', '/operators', { name: 'Anna', email: 'anna@example.com' });
  const { url } = await house.call('POST', `/operators/${id}/invite`);
  await page.goto(String(url));
  await page.getByLabel('Password', { exact: true }).fill(OTHER_PASSWORD);
  await page.getByRole('button', { name: 'Set and sign in' }).click();

  await tab.waitForURL('**/inbox/**');
  expect(await tab.getByRole('navigation', { name: 'Sections' }).count()).toBe(0);
});

test('another role is another console, after signing in again', async () => {
  await using house = await furnish();
  const page = await settled(house);
  const { id } = await house.call('POST', '/operators', {
    name: 'Anna',
    email: 'anna@example.com',
    role: 'supervisor',
  });
  const { url } = await house.call('POST', `/operators/${id}/invite`);
  const hers = await visit(house, words.en);
  await hers.goto(String(url));
  await hers.getByLabel('Password', { exact: true }).fill(OTHER_PASSWORD);
  await hers.getByRole('button', { name: 'Set and sign in' }).click();
  await hers.getByRole('link', { name: 'Statistics' }).click();
  await hers.getByRole('heading', { name: 'Statistics' }).waitFor();

  await house.call('PATCH', `/operators/${id}`, { role: 'operator' });
  const asked = hers.getByRole('dialog', { name: 'Sign in again' });
  await asked.getByLabel('Password', { exact: true }).fill(OTHER_PASSWORD);
  await asked.getByRole('button', { name: 'Sign in', exact: true }).click();

  await hers.waitForURL('**/inbox/**');
  expect(await hers.getByRole('navigation', { name: 'Sections' }).count()).toBe(0);
  await page.close();
});

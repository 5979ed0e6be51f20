import { readFile } from 'node:fs/promises';
import type { Download, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { callApi } from '../support/call-api.ts';
import { ADMIN_TOKEN, furnish, type Furnished, signIn, words } from './furnished.ts';
import { look, said, settled } from './settled.ts';

test('a token is made for a program, lets it in, and no more once it is revoked; the log tells of it', async () => {
  await using house = await furnish();
  const page = await settled(house);
  await house.hire('Anna', 5);
  await page.goto(`${house.app.url}/settings/tokens`);
  await page.getByRole('button', { name: 'New token' }).click();
  await page.getByRole('button', { name: 'Make the token' }).click();
  await page.getByText('It needs 1 to 200 characters.').waitFor();
  await page.getByLabel('Name').fill('Shop');
  await page.getByLabel('Acts as').selectOption('Anna');
  await page.getByLabel('Good until').fill('2099-12-31');
  await page.getByLabel('Requests a minute').fill('600');
  await look(page, 'token-new');
  await page.getByRole('button', { name: 'Make the token' }).click();
  const token = await page.getByLabel('Token', { exact: true }).inputValue();
  await look(page, 'token-made');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await page.getByRole('row').filter({ hasText: 'Shop' }).getByText('600').waitFor();
  await look(page, 'tokens-en');

  const shop = await signIn(house, token, words.en);
  const before = await callApi(house.app.url, 'GET', '/session', { token });
  await page.getByRole('button', { name: 'Revoke “Shop”' }).click();
  await page.getByText('Whatever uses it is refused').waitFor();
  await look(page, 'token-revoke');
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await shop.getByRole('dialog', { name: 'Sign in again' }).waitFor({ timeout: 2_000 });
  const after = await callApi(house.app.url, 'GET', '/session', { token });

  expect([before.status, after.status]).toEqual([200, 401]);
  await page.getByRole('link', { name: 'Audit log' }).click();
  await page.getByRole('row').filter({ hasText: 'Token revoked' }).getByText('Ada').waitFor();
  await page.getByRole('row').filter({ hasText: 'First administrator made' }).waitFor();
  await page.getByLabel('What', { exact: true }).selectOption('Tokens');
  await page.waitForURL(/[?&]action=token/);
  await page.getByRole('row').filter({ hasText: 'First administrator made' }).waitFor({ state: 'detached' });
  await look(page, 'audit-en');
  await page.getByRole('link', { name: 'Token 2' }).first().click();
  await page.waitForURL(/subject=token%3A2/);
  const downloading = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download CSV' }).click();
  const csv = await text(await downloading);
  expect(csv).toContain('token.revoked');
  expect(csv).not.toContain('setup.done');
});

test('the log comes page by page, and as a file to who has signed in with a token, too', async () => {
  await using house = await furnish();
  const { id } = await house.call('POST', '/operators', { name: 'Anna' });
  for (let cap = 11; cap <= 60; cap += 1) await house.call('PATCH', `/operators/${id}`, { max_load: cap });
  const page = await signIn(house, ADMIN_TOKEN, words.ru);
  await page.goto(`${house.app.url}/settings/audit`);
  await page.getByRole('row').filter({ hasText: 'max_load: 59 → 60' }).waitFor();
  expect(await page.getByRole('row').filter({ hasText: 'Источник добавлен' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Показать ещё' }).click();
  await page.getByRole('row').filter({ hasText: 'Источник добавлен' }).waitFor();
  expect(await page.getByRole('button', { name: 'Показать ещё' }).count()).toBe(0);
  await look(page, 'audit-ru');

  const downloading = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Скачать CSV' }).click();

  expect(await text(await downloading)).toContain('source.created');
});

async function text(download: Download): Promise<string> {
  return readFile(await download.path(), 'utf8');
}

test('the secret of a webhook is renewed, with some time for both or with none', async () => {
  await using house = await furnish();
  const page = await settled(house);
  const { id, webhook } = await house.call('POST', '/sources', {
    name: 'Shop form',
    code: 'form',
    kind: 'webhook',
  });
  const first = (webhook as { secret: string }).secret;
  await page.goto(`${house.app.url}/sources/${id}`);

  const second = await renew(page, null);
  await page.getByText('The one before it counts as well').waitFor();
  expect(await Promise.all([first, second].map((secret) => knock(house, secret)))).toEqual([202, 202]);
  const third = await renew(page, '0');

  const knocks = await Promise.all([first, second, third].map((secret) => knock(house, secret)));
  expect(knocks).toEqual([401, 401, 202]);
  await page.getByLabel('Requests a minute').fill('1200');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('The source is saved').waitFor();
  await look(page, 'source-webhook');
  expect(await house.call('GET', '/sources/form')).toMatchObject({ webhook: { rate_limit: 1200 } });
});

/** Makes another secret; null: with the hours that are proposed. */
async function renew(page: Page, hours: string | null): Promise<string> {
  await page.getByRole('button', { name: 'New secret' }).click();
  if (hours !== null) await page.getByLabel('Hours for which both count').fill(hours);
  await look(page, 'secret-new');
  await page.getByRole('button', { name: 'Make the secret' }).click();
  const secret = await page.getByRole('dialog').getByLabel('Secret', { exact: true }).inputValue();
  expect(await page.getByRole('dialog').getByLabel('Try it', { exact: true }).inputValue()).toContain(secret);
  await look(page, 'secret-made');
  await page.getByRole('button', { name: 'I have kept it' }).click();
  return secret;
}

async function knock({ app }: Furnished, secret: string): Promise<number> {
  const body = { external_id: 'customer-1', text: 'Hello' };
  const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
  const answer = await fetch(`${app.url}/hooks/form`, {
    method: 'POST',
    headers,
    body: JSON.stringify(body),
  });
  return answer.status;
}

test('the settings fit a phone, and speak Russian', async () => {
  await using house = await furnish();
  const page = await settled(house, 'ru');
  await page.setViewportSize({ width: 360, height: 740 });
  await house.call('POST', '/tokens', { name: 'Магазин' });
  for (const [path, title] of [
    ['security', said.ru.security],
    ['tokens', said.ru.tokens],
    ['audit', said.ru.audit],
  ] as const) {
    await page.goto(`${house.app.url}/settings/${path}`);
    await page.getByRole('heading', { name: title, level: 1 }).waitFor();
    await page
      .getByRole(path === 'security' ? 'listitem' : 'row')
      .first()
      .waitFor();
    await look(page, `${path}-phone-ru`);
    const tooWide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
    expect({ path, tooWide }).toEqual({ path, tooWide: 0 });
  }
});

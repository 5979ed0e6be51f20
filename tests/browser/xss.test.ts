import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type Alarm, intrudersOn, watchOver } from './alarm.ts';
import { ADMIN_TOKEN, BOT_TOKEN, enter, furnish, type Furnished, visit, words } from './furnished.ts';
import { bundles, payloads } from './payloads.ts';

const said = words.en;
// What a thread shows at once.
const AT_ONCE = 16;

/** An admin's page under watch. */
async function enterWatched(house: Furnished): Promise<{ page: Page; alarm: Alarm }> {
  const page = await visit(house, said);
  const alarm = await watchOver(page);
  await enter(page, house, ADMIN_TOKEN, said);
  return { page, alarm };
}

/** Goes there, waits for the words that a person would look for, and looks around. */
async function look(page: Page, address: string, shown: string): Promise<string[]> {
  await page.goto(address);
  await page.getByText(shown).filter({ visible: true }).first().waitFor();
  return intrudersOn(page);
}

/** What stands in a page as text, whatever its spaces have become. */
function squeezed(text: string): string {
  return text.replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, '');
}

test('the watch hears what would run, and sees what would stand there', async () => {
  await using house = await furnish();
  const { page, alarm } = await enterWatched(house);

  await page.evaluate(`document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=__xss()><x-xss>')`);
  await expect.poll(() => alarm.heard.join()).toContain('violation');
  await page.evaluate('__xss()');

  expect(alarm.heard.join()).toContain('run');
  expect(await intrudersOn(page)).toHaveLength(2);
});

test('what customers and colleagues write is text, in lists, threads and cards', async () => {
  await using house = await furnish();
  const { id: anna } = await house.hire('Anna', 10_000);
  const names = bundles(200);
  const chats = Array.from({ length: Math.ceil(payloads.length / AT_ONCE) }, (_, chat) => {
    const customer = house.api.customer(BOT_TOKEN, {
      id: 100 + chat,
      first_name: names[chat]!,
      last_name: 'x',
    });
    const part = payloads.slice(chat * AT_ONCE, (chat + 1) * AT_ONCE);
    for (const payload of part) customer.writes(payload);
    return part;
  });
  const files = house.api.customer(BOT_TOKEN, { id: 200, first_name: 'Files' });
  for (const payload of bundles(900).slice(0, 10))
    files.sends(
      'document',
      { name: payload, mimeType: 'text/plain', bytes: Buffer.from('x') },
      { caption: payload },
    );
  const load = async () => Number((await house.call('GET', `/operators/${anna}`))['load']);
  await expect.poll(load, { timeout: 20_000 }).toBe(chats.length + 1);
  for (const [index, name] of names.entries())
    await house.call('POST', '/contacts', {
      external_id: `lead-${index}`,
      source_code: 'shop',
      name,
      phone: name.slice(0, 64),
      text: name,
    });
  const noted = await house.call('POST', '/contacts', {
    external_id: names[0]!.slice(0, 190),
    source_code: 'shop',
  });
  for (const payload of payloads.slice(0, AT_ONCE))
    await house.call('POST', `/contacts/${noted.id}/messages`, { text: payload, kind: 'note' });
  await house.call('POST', `/contacts/${noted.id}/close`, { reason: names[1] });
  const { page, alarm } = await enterWatched(house);

  const intruders: string[] = [];
  let links = 0;
  for (const [chat, part] of chats.entries()) {
    intruders.push(...(await look(page, `${house.app.url}/inbox/all/${chat + 1}`, part.at(-1)!.slice(0, 3))));
    const log = page.getByRole('log');
    await expect.poll(() => log.getByRole('article').count()).toBeGreaterThanOrEqual(part.length);
    const text = squeezed(await log.innerText());
    expect(part.filter((payload) => !text.includes(squeezed(payload)))).toEqual([]);
    intruders.push(...(await intrudersOn(page)));
    links += await log.getByRole('link').count();
  }
  intruders.push(...(await look(page, `${house.app.url}/inbox/all/${chats.length + 1}`, 'Files')));
  intruders.push(...(await look(page, `${house.app.url}/inbox/all/${noted.id}?closed=1`, 'script')));

  expect(intruders).toEqual([]);
  expect(alarm.heard).toEqual([]);
  expect(links).toBeGreaterThan(5);
  process.stdout.write(`${payloads.length} payloads, ${links} links of text\n`);
});

test('names, settings and what was done are text, in every room and dialog', async () => {
  await using house = await furnish();
  const [first, ...others] = bundles(200) as [string, ...string[]];
  const { id: anna } = await house.hire('Anna', 5);
  await house.call('POST', '/contacts', {
    external_id: 'one',
    source_code: 'shop',
    name: first,
    text: first,
  });
  for (const name of others) {
    const { id } = await house.hire('Somebody', 5);
    await house.call('PATCH', `/operators/${id}`, { name });
    await house.call('POST', '/tokens', { name });
    await house.call('POST', '/sources', { name, code: `code-${id}`, kind: 'webhook' });
  }
  await house.call('PATCH', `/operators/${anna}`, { name: first });
  const text = bundles(4000)[0]!;
  await house.call('PATCH', '/sources/shop', {
    name: first,
    greeting: text,
    greetings: { de: text },
    queue_notice: `{place} ${text}`,
  });
  const { page, alarm } = await enterWatched(house);
  const { url } = house.app;
  const part = first.slice(0, 12);

  const intruders: string[] = [];
  for (const room of [
    'operators',
    'sources',
    'weights',
    'statistics',
    'what-if',
    'settings/tokens',
    'settings/audit',
  ])
    intruders.push(...(await look(page, `${url}/${room}`, '<script>')));
  await page.goto(`${url}/sources/${house.sourceId}`);
  await page
    .getByRole('group', { name: 'Greeting' })
    .getByRole('textbox', { name: 'For everybody' })
    .waitFor();
  intruders.push(...(await intrudersOn(page)));

  await page.goto(`${url}/operators`);
  await page.getByRole('switch', { name: part }).first().click({ force: true });
  const dialog = page.getByRole('dialog');
  await dialog.getByText(part).first().waitFor();
  intruders.push(...(await intrudersOn(page)));
  await dialog.getByRole('button', { name: 'Deactivate', exact: true }).click();
  await page.getByText('is deactivated').first().waitFor();
  intruders.push(...(await intrudersOn(page)));

  await page.goto(`${url}/inbox/all/1`);
  await page.getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('menuitem', { name: 'Transfer' }).click();
  await dialog.getByRole('radio').first().waitFor();
  intruders.push(...(await intrudersOn(page)));

  expect(intruders).toEqual([]);
  expect(alarm.heard).toEqual([]);
});

test('an address is text, in the console, in the reference and in what the API answers', async () => {
  await using house = await furnish();
  const { page, alarm } = await enterWatched(house);
  const { url } = house.app;
  const encoded = bundles(1500).map(encodeURIComponent);
  const single = payloads.filter((_, index) => index % 12 === 0).map(encodeURIComponent);
  const pages = [
    ...encoded.flatMap((text) => [
      `/inbox/all?q=${text}`,
      `/settings/audit?subject=${text.slice(0, 90)}`,
      `/docs?url=${text}`,
    ]),
    ...single.flatMap((text) => [`/${text}`, `/sources/${text}`, `/inbox/${text}/${text}`]),
    ...single
      .slice(0, 4)
      .flatMap((text) => [`/docs#/${text}`, `/invite#code=${text}`, `/setup#code=${text}`]),
    '/docs?configUrl=data:text/html,{"url":"//evil.example/x"}',
    '/docs?urls.primaryName=%3Cimg%20src=x%20onerror=__xss()%3E',
  ];

  const intruders: string[] = [];
  for (const address of pages) {
    await page.goto(url + address);
    await page.getByText(/\S/).filter({ visible: true }).first().waitFor();
    intruders.push(...(await intrudersOn(page)));
  }
  const answers = await Promise.all(
    single.flatMap((text) =>
      [
        `/api/v1/${text}`,
        `/api/v1/sources/${text}`,
        `/hooks/${text}`,
        `/assets/${text}`,
        `/docs/${text}`,
      ].map(async (path) => {
        const { headers } = await fetch(url + path, { headers: { authorization: `Bearer ${ADMIN_TOKEN}` } });
        return `${headers.get('content-type')} ${headers.get('x-content-type-options')}`;
      }),
    ),
  );

  expect(intruders).toEqual([]);
  expect(alarm.heard).toEqual([]);
  expect(new Set(answers)).toEqual(new Set(['application/problem+json nosniff']));
});

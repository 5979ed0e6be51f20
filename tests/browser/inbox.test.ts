import { expect, test } from 'vitest';
import { inScheme } from './axe.ts';
import { BOT_TOKEN, furnish, signIn, takePicture, words } from './furnished.ts';

test.for(['en', 'ru'] as const)(
  'a customer writes, the contact appears without a reload, and the reply reaches the customer (%s)',
  async (language) => {
    await using house = await furnish();
    const anna = await house.hire('Anna', 5);
    const said = words[language];
    const page = await signIn(house, anna.token, said);
    const maria = house.api.customer(BOT_TOKEN, {
      id: 5_000_000_001,
      first_name: 'Maria',
      last_name: 'Petrova',
    });

    maria.writes('Is the blue one in stock?');
    const row = page.getByRole('listitem').filter({ hasText: 'Maria Petrova' });
    await row.getByText('Is the blue one in stock?').waitFor();
    await row.getByRole('link').click();
    await page.getByRole('log').getByText('Is the blue one in stock?').waitFor();
    await page
      .getByRole('textbox', { name: said.message, exact: true })
      .fill('Yes, two are left. Ещё две есть.');
    await page.getByRole('button', { name: said.send, exact: true }).click();

    const sent = await house.api.waitForSent(({ method }) => method === 'sendMessage');
    expect(sent).toMatchObject({ chatId: maria.chatId, text: 'Yes, two are left. Ещё две есть.' });
    await page.getByRole('log').getByLabel(said.sent, { exact: true }).waitFor();
    maria.writes('Great, I will take both!');
    await page.getByRole('log').getByText('Great, I will take both!').waitFor();
    await takePicture(page, `inbox-${language}`);
    await inScheme(page, 'dark');
    await takePicture(page, `inbox-${language}-dark`);
    await page.setViewportSize({ width: 390, height: 844 });
    await takePicture(page, `inbox-${language}-phone`);
  },
);

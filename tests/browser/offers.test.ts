import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { faultsOf } from './axe.ts';
import { ADMIN_TOKEN, BOT_TOKEN, furnish, type Furnished, signIn, takePicture, words } from './furnished.ts';

const said = {
  en: {
    seconds: 'Time to accept, seconds',
    reopen: 'Reopen within, minutes',
    priority: 'Priority',
    fault: 'A whole number from 0 to 3,600.',
    save: 'Save',
    saved: 'The source is saved',
    bar: 'Offer',
    mine: /^Offered to you: (1:00|0:\d\d) left$/,
    others: /^Offered to Anna, (1:00|0:\d\d) left$/,
    badge: 'offer',
    accept: 'Accept',
    decline: 'Decline',
    declined: 'Declined: the contact went to Boris',
    waits: 'Declined: the contact waits in the queue',
    accepted: 'The contact is yours',
    trail: ['Anna declined the contact', 'Boris accepted the contact'],
    why: 'Why this operator?',
    trigger: 'the contact was declined',
    refusal: 'has declined it',
    reopened: 'Reopened by a message of the customer',
    late: 'Anna did not accept the contact in time',
  },
  ru: {
    seconds: 'Время на принятие, секунды',
    reopen: 'Срок повторного открытия, минуты',
    priority: 'Приоритет',
    fault: 'Целое число от 0 до 3600.',
    save: 'Сохранить',
    saved: 'Источник сохранён',
    bar: 'Предложение',
    mine: /^Предложено вам: осталось (1:00|0:\d\d)$/,
    others: /^Предложено: Anna, осталось (1:00|0:\d\d)$/,
    badge: 'предложено',
    accept: 'Принять',
    decline: 'Отказаться',
    declined: 'Вы отказались: обращение предложено оператору Boris',
    waits: 'Вы отказались: обращение ждёт в очереди',
    accepted: 'Обращение ваше',
    trail: ['Anna отказывается от обращения', 'Boris принимает обращение'],
    why: 'Почему этот оператор?',
    trigger: 'от обращения отказались',
    refusal: 'отказался',
    reopened: 'Открыто снова: клиент написал',
    late: 'Anna не успевает принять обращение',
  },
} as const;

type Said = (typeof said)[keyof typeof said];

const languages = ['en', 'ru'] as const;

/** Types the rule of offers as an admin does, with a slip at first, and finds it kept after a reload. */
async function giveAMinute(page: Page, house: Furnished, speech: Said): Promise<void> {
  const field = (label: string) => page.getByLabel(label, { exact: true });
  const save = page.getByRole('button', { name: speech.save, exact: true });
  await page.goto(`${house.app.url}/sources/${house.sourceId}`);
  await field(speech.seconds).fill('5000');
  await save.click();
  await page.getByText(speech.fault).waitFor();
  await field(speech.seconds).fill('60');
  await field(speech.reopen).fill('30');
  await field(speech.priority).fill('7');
  await save.click();
  await page.getByText(speech.saved).waitFor();
  await page.reload();
  await field(speech.priority).scrollIntoViewIfNeeded();
  const kept = [speech.seconds, speech.reopen, speech.priority].map((label) => field(label).inputValue());
  expect(await Promise.all(kept)).toEqual(['60', '30', '7']);
}

function rowOf(page: Page, name: string) {
  return page.getByRole('listitem').filter({ hasText: name });
}

function barOf(page: Page, speech: Said) {
  return page.getByRole('group', { name: speech.bar, exact: true });
}

async function expectBar(page: Page, speech: Said, line: RegExp = speech.mine): Promise<void> {
  const timer = barOf(page, speech).getByRole('timer');
  await timer.waitFor();
  expect(await timer.innerText()).toMatch(line);
}

async function expectTicking(page: Page, speech: Said): Promise<void> {
  const timer = barOf(page, speech).getByRole('timer');
  const first = await timer.innerText();
  await expect.poll(() => timer.innerText(), { timeout: 5_000 }).not.toBe(first);
  expect(await timer.innerText()).toMatch(speech.mine);
}

test.for(languages)(
  'an offered contact is declined, goes to the next operator and is accepted there (%s)',
  async (language) => {
    await using house = await furnish();
    const speech = said[language];
    const [anna, boris] = [await house.hire('Anna', 5), await house.hire('Boris', 5)];
    await house.call('PATCH', `/operators/${boris.id}`, { availability: 'paused' });
    const admin = await signIn(house, ADMIN_TOKEN, words[language]);
    await giveAMinute(admin, house, speech);
    await takePicture(admin, `offer-settings-${language}`);
    expect(await faultsOf(admin)).toEqual([]);
    const hers = await signIn(house, anna.token, words[language]);
    const his = await signIn(house, boris.token, words[language], { colorScheme: 'dark' });

    house.api.customer(BOT_TOKEN, { id: 51, first_name: 'Oleg' }).writes('Where is my parcel?');
    await rowOf(hers, 'Oleg').getByText(speech.badge, { exact: true }).waitFor();
    await rowOf(hers, 'Oleg').getByRole('link').click();
    await expectBar(hers, speech);
    await expectTicking(hers, speech);
    await hers.reload();
    await expectBar(hers, speech);
    await hers.getByRole('log').getByText('Where is my parcel?').waitFor();
    await takePicture(hers, `offer-${language}`);
    expect(await faultsOf(hers)).toEqual([]);
    await admin.goto(`${house.app.url}/inbox/all/1`);
    await expectBar(admin, speech, speech.others);
    expect(await barOf(admin, speech).getByRole('button').count()).toBe(0);
    await takePicture(admin, `offer-others-${language}`);

    await house.call('PATCH', `/operators/${boris.id}`, { availability: 'available' });
    await hers.getByRole('button', { name: speech.decline, exact: true }).click();
    await hers.getByText(speech.declined).waitFor();
    await takePicture(hers, `offer-declined-${language}`);
    await rowOf(his, 'Oleg').getByRole('link').click();
    await expectBar(his, speech);
    await his.getByRole('log').getByText('Where is my parcel?').waitFor();
    await takePicture(his, `offer-${language}-dark`);
    expect(await faultsOf(his)).toEqual([]);
    await his.getByRole('button', { name: speech.accept, exact: true }).click();
    await his.getByText(speech.accepted).waitFor();
    await barOf(his, speech).waitFor({ state: 'detached' });
    expect(await rowOf(his, 'Oleg').getByText(speech.badge, { exact: true }).count()).toBe(0);

    for (const line of speech.trail) await admin.getByRole('log').getByText(line).waitFor();
    await barOf(admin, speech).waitFor({ state: 'detached' });
    await admin.getByRole('button', { name: speech.why }).click();
    const pane = admin.getByRole('complementary').filter({ has: admin.getByRole('table') });
    await pane.getByText(speech.refusal, { exact: true }).waitFor();
    expect(await pane.innerText()).toContain(speech.trigger);
    await takePicture(admin, `offer-trail-${language}`);
    const accepted = await house.call('GET', '/contacts/1');
    expect(accepted).toMatchObject({ status: 'assigned', operator_id: boris.id, offer_expires_at: null });
  },
);

test.for(languages)(
  'A accepts an offer; what nobody accepts in time waits, and so does what its lead opens again (%s)',
  async (language) => {
    await using house = await furnish();
    const speech = said[language];
    const anna = await house.hire('Anna', 5);
    await house.call('PATCH', `/sources/${house.sourceId}`, { offer_seconds: 3, reopen_minutes: 30 });
    const page = await signIn(house, anna.token, words[language]);
    const oleg = house.api.customer(BOT_TOKEN, { id: 52, first_name: 'Oleg' });

    oleg.writes('Where is my parcel?');
    await rowOf(page, 'Oleg').getByRole('link').click();
    await page.getByRole('log').getByText(speech.late).waitFor();
    await barOf(page, speech).waitFor({ state: 'detached' });
    await house.call('PUT', '/contacts/1/close', {});
    await house.call('PATCH', `/sources/${house.sourceId}`, { offer_seconds: 60 });
    oleg.writes('Found it. Is there another?');
    await page.getByRole('log').getByText(speech.reopened).waitFor();
    house.api.customer(BOT_TOKEN, { id: 53, first_name: 'Nina' }).writes('Hello?');
    await rowOf(page, 'Nina').getByRole('link').click();
    await expectBar(page, speech);
    await page.keyboard.press('a');
    await page.getByText(speech.accepted).waitFor();
    house.api.customer(BOT_TOKEN, { id: 54, first_name: 'Vera' }).writes('Hello?');
    await rowOf(page, 'Vera').getByRole('link').click();
    await page.getByRole('button', { name: speech.decline, exact: true }).click();
    await page.getByText(speech.waits).waitFor();

    expect(await house.call('GET', '/contacts/2')).toMatchObject({
      operator_id: anna.id,
      offer_expires_at: null,
    });
    expect(await house.call('GET', '/contacts/3')).toMatchObject({ status: 'waiting', operator_id: null });
  },
);

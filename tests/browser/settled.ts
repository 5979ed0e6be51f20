import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { issueSetupCode } from '../../src/desk/setup.ts';
import { faultsOf, inScheme } from './axe.ts';
import { type Furnished, takePicture, visit, words } from './furnished.ts';

export const EMAIL = 'ada@example.com';
export const PASSWORD = 'seven quiet herons';
export const OTHER_PASSWORD = 'nine loud woodpeckers';

export const said = {
  en: {
    code: 'Setup code',
    name: 'Your name',
    email: 'E-mail',
    password: 'Password',
    create: 'Create and sign in',
    short: 'It needs at least 12 characters.',
    welcome: 'Welcome to Leadgate',
    account: 'Account and settings',
    signOut: 'Sign out',
    wrong: 'The e-mail or the password is wrong.',
    closed: 'There is an administrator already',
    security: 'Security',
    tokens: 'API tokens',
    audit: 'Audit log',
  },
  ru: {
    code: 'Код настройки',
    name: 'Ваше имя',
    email: 'Электронная почта',
    password: 'Пароль',
    create: 'Создать и войти',
    short: 'Нужно не меньше 12 знаков.',
    welcome: 'Добро пожаловать в Leadgate',
    account: 'Профиль и настройки',
    signOut: 'Выйти',
    wrong: 'Неверная почта или пароль.',
    closed: 'Администратор уже есть',
    security: 'Безопасность',
    tokens: 'API-токены',
    audit: 'Журнал аудита',
  },
} as const;

export const languages = ['en', 'ru'] as const;
export type Language = (typeof languages)[number];

/** Holds a page against axe in light and in dark, and keeps a picture of each. */
export async function look(page: Page, name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await inScheme(page, colorScheme);
    await takePicture(page, `doors-${name}-${colorScheme}`);
    expect({ name, colorScheme, faults: await faultsOf(page) }).toEqual({ name, colorScheme, faults: [] });
  }
  await inScheme(page, 'light');
}

export async function fillSetup(page: Page, language: Language, password: string): Promise<void> {
  const speech = said[language];
  await page.getByLabel(speech.name).fill('Ada');
  await page.getByLabel(speech.email).fill(EMAIL);
  await page.getByLabel(speech.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: speech.create }).click();
}

export async function enterPassword(
  page: Page,
  email: string,
  password: string,
  language: Language = 'en',
): Promise<void> {
  await page.getByLabel(said[language].email).fill(email);
  await page.getByLabel(said[language].password, { exact: true }).fill(password);
  await page.getByRole('button', { name: words[language].signIn, exact: true }).click();
}

export async function signOut(page: Page, language: Language = 'en'): Promise<void> {
  await page.getByRole('button', { name: said[language].account }).click();
  await page.getByRole('menuitem', { name: said[language].signOut }).click();
}

/** The page of the first admin, who has a password. */
export async function settled(house: Furnished, language: Language = 'en'): Promise<Page> {
  const page = await visit(house, words[language]);
  await page.goto(`${house.app.url}/setup#code=${await issueSetupCode(house.app.desk)}`);
  await fillSetup(page, language, PASSWORD);
  await page.getByRole('heading', { name: said[language].welcome }).waitFor();
  return page;
}

/** Another browser of the same admin. */
export async function comeIn(house: Furnished, email = EMAIL, password = PASSWORD): Promise<Page> {
  const page = await visit(house, words.en);
  await page.goto(house.app.url);
  await enterPassword(page, email, password);
  await page.getByRole('link', { name: words.en.queue }).first().waitFor();
  return page;
}

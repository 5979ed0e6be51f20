import { expect, test } from 'vitest';
import en from '../../console/src/i18n/en.ts';
import ru from '../../console/src/i18n/ru.ts';
import { RefusalReason, Strategy, Trigger } from '../../src/contract/decision.ts';
import { problems } from '../../src/contract/problem.ts';
import { Unreachable } from '../../src/contract/contact.ts';
import { Advice, SourceState } from '../../src/contract/source.ts';

type Words = { [key: string]: string | Words };

function flatten(words: Words, path = ''): Map<string, string> {
  return new Map(
    Object.entries(words).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${path}${key}`, value] as const] : [...flatten(value, `${path}${key}.`)],
    ),
  );
}

const PLURAL = /_(zero|one|two|few|many|other)$/;

function keysWithoutPlural(words: Words): string[] {
  return [...new Set([...flatten(words).keys()].map((key) => key.replace(PLURAL, '')))].sort();
}

/** Keys that stand in the plural, each with the forms it has. */
function pluralForms(words: Words): Map<string, Set<string>> {
  const forms = new Map<string, Set<string>>();
  for (const key of flatten(words).keys()) {
    const form = PLURAL.exec(key)?.[1];
    if (form === undefined) continue;
    const stem = key.replace(PLURAL, '');
    forms.set(stem, (forms.get(stem) ?? new Set()).add(form));
  }
  return forms;
}

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
}

test('both languages say the same things', () => {
  expect(keysWithoutPlural(ru)).toEqual(keysWithoutPlural(en));
});

test.each([
  ['en', en],
  ['ru', ru],
])('%s has every form of the plural that its grammar asks for', (language, words) => {
  const asked = new Set<string>(new Intl.PluralRules(language).resolvedOptions().pluralCategories);

  for (const [key, forms] of pluralForms(words)) expect({ key, forms }).toEqual({ key, forms: asked });
});

test('no text is empty', () => {
  for (const words of [en, ru])
    for (const [key, text] of flatten(words)) expect(text.trim(), key).not.toBe('');
});

test('a text and its translation take the same values', () => {
  const english = flatten(en);

  for (const [key, text] of flatten(ru)) {
    const original = english.get(key) ?? english.get(key.replace(PLURAL, '_other')) ?? '';
    expect({ key, takes: placeholders(text) }).toEqual({ key, takes: placeholders(original) });
  }
});

test('every refusal, every advice and every strategy of the gateway is told in words', () => {
  for (const words of [en, ru]) {
    expect(Object.keys(words.problems)).toEqual(expect.arrayContaining(Object.keys(problems)));
    expect(Object.keys(words.inbox.why.reasons)).toEqual(RefusalReason.options);
    expect(Object.keys(words.inbox.why.triggers)).toEqual(expect.arrayContaining(Trigger.options));
    expect(Object.keys(words.inbox.why.byStrategy)).toEqual(Strategy.options);
    expect(Object.keys(words.rooms.sources.strategies)).toEqual(Strategy.options);
    expect(Object.keys(words.rooms.sources.strategyHints)).toEqual(Strategy.options);
    expect(Object.keys(words.rooms.sources.states)).toEqual(expect.arrayContaining(SourceState.options));
    expect(Object.keys(words.rooms.sources.advices).sort()).toEqual(Advice.shape.code.options.toSorted());
    const reasons = Unreachable.shape.reason.options;
    expect(Object.keys(words.inbox.unreachable.reasons)).toEqual(reasons);
    expect(Object.keys(words.inbox.unreachable.meanings)).toEqual(reasons);
    expect(Object.keys(words.inbox.faults)).toEqual(expect.arrayContaining(reasons));
  }
});

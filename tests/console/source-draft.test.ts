import { expect, test } from 'vitest';
import { bodyOf, changesOf, draftOf, emptyDraft } from '../../console/src/sources/source-draft.ts';
import { keptOf, languageName, readTag, tagsOf } from '../../console/src/sources/texts.ts';
import { SourceCreate, SourceUpdate } from '../../src/contract/source.ts';
import { sourceOf } from './samples.ts';

test('a source that nobody has typed over has no changes', () => {
  const source = sourceOf({ greeting: 'Hello', greetings: { ru: 'Здравствуйте' } });

  expect(changesOf(source, draftOf(source))).toBeNull();
  expect(changesOf(source, { ...draftOf(source), name: ' Shop ', greeting: 'Hello ' })).toBeNull();
});

test('only what was typed is changed, and the gateway understands it', () => {
  const source = sourceOf({ greeting: 'Hello', greetings: { ru: 'Здравствуйте', de: 'Hallo' } });
  const typed = {
    ...draftOf(source),
    name: 'Big shop',
    strategy: 'least_loaded' as const,
    onOffline: 'hand_over' as const,
    greeting: '',
    greetings: { ru: 'Здравствуйте', de: ' ', en: 'Hi' },
    token: ` 777:${'x'.repeat(30)} `,
    apiRoot: 'https://bots.example',
  };

  const changes = changesOf(source, typed);

  expect(changes).toEqual({
    name: 'Big shop',
    strategy: 'least_loaded',
    on_offline: 'hand_over',
    greeting: null,
    greetings: { ru: 'Здравствуйте', en: 'Hi' },
    telegram: { token: `777:${'x'.repeat(30)}`, api_root: 'https://bots.example' },
  });
  expect(SourceUpdate.parse(changes)).toEqual(changes);
});

test('a number that is blanked is nought, and one that stays is left out', () => {
  const source = sourceOf({ offer_seconds: 60, reopen_minutes: 30, priority: 5 });
  const typed = { ...draftOf(source), offerSeconds: '' as const, priority: 7 };

  expect(changesOf(source, draftOf(source))).toBeNull();
  expect(changesOf(source, typed)).toEqual({ offer_seconds: 0, priority: 7 });
});

test('days for which words are kept are changed, and blanked they are none', () => {
  const source = sourceOf({ retention_days: 30 });
  const kept = sourceOf({ retention_days: null });

  expect(changesOf(source, draftOf(source))).toBeNull();
  expect(changesOf(source, { ...draftOf(source), retentionDays: 7 })).toEqual({ retention_days: 7 });
  expect(changesOf(source, { ...draftOf(source), retentionDays: '' })).toEqual({ retention_days: null });
  expect(changesOf(kept, draftOf(kept))).toBeNull();
});

test('the requests a minute of a webhook are changed, and blanked they have no limit of their own', () => {
  const webhook = { auth: 'bearer', callback_url: null, mapping: {}, secret_hint: 'abcd' };
  const source = sourceOf({
    kind: 'webhook',
    webhook: { ...webhook, previous_secret_until: null, rate_limit: 600 },
  });

  expect(changesOf(source, draftOf(source))).toBeNull();
  expect(changesOf(source, { ...draftOf(source), rateLimit: 1200 })).toEqual({
    webhook: { rate_limit: 1200 },
  });
  expect(changesOf(source, { ...draftOf(source), rateLimit: '' })).toEqual({ webhook: { rate_limit: null } });
});

test('a notice of the place in the queue is kept, changed and taken away as a greeting is', () => {
  const notices = { queue_notice: 'You are {place}', queue_notices: { ru: 'Вы {place}-й' } };
  const source = sourceOf(notices);
  const changed = { ...draftOf(source), queueNotice: ' ', queueNotices: { ru: 'Номер {place} ', en: '' } };

  const made = bodyOf({
    ...draftOf(source),
    queueNotice: ' You are {place}',
    queueNotices: { ru: 'Вы {place}-й', en: ' ' },
  });

  expect(made).toMatchObject(notices);
  expect(SourceCreate.shape.queue_notices.parse(made.queue_notices)).toEqual(notices.queue_notices);
  expect(changesOf(source, { ...draftOf(source), queueNotice: 'You are {place} ' })).toBeNull();
  expect(changesOf(source, changed)).toEqual({ queue_notice: null, queue_notices: { ru: 'Номер {place}' } });
});

test('what is blank in a new source is left out', () => {
  const draft = { ...emptyDraft, name: 'Shop', code: 'shop', token: `777:${'x'.repeat(30)}` };

  const body = SourceCreate.parse(bodyOf({ ...draft, greetings: { en: 'Hi', ru: '  ' } }));

  expect(body.strategy).toBe('weighted_random');
  expect(body.greeting).toBeUndefined();
  expect(body.greetings).toEqual({ en: 'Hi' });
  expect(body.queue_notice).toBeUndefined();
  expect(body.telegram).toEqual({ token: draft.token, mode: 'polling' });
});

test('Russian and English have a field from the start, others follow by their tags', () => {
  expect(tagsOf({ kk: 'Сәлем', de: 'Hallo', en: 'Hi' })).toEqual(['ru', 'en', 'de', 'kk']);
  expect(keptOf({ de: ' Hallo ', kk: '' })).toEqual({ de: 'Hallo' });
});

test('a language is typed by its tag in any letters, and shown by its name', () => {
  expect([' PT-br ', 'de', 'deutsch, bitte', ''].map(readTag)).toEqual(['pt-br', 'de', null, null]);
  expect([languageName('de', 'en'), languageName('de', 'ru')]).toEqual(['German', 'Немецкий']);
});

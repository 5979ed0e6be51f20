import { describe, expect, test } from 'vitest';
import { databases } from '../support/desk.ts';
import { type Answer, startTestApp } from '../support/http.ts';
import { setStage, type Stage } from './support/examples.ts';

type Refused = { errors: { path: string; message: string }[] };
type Case = [what: string, method: string, path: string, body: unknown, at: string];

const surrogate = '\ud800';
const huge = 2 ** 53;

const operators: Case[] = [
  ['no name', 'POST', '/operators', {}, 'name'],
  ['a blank name', 'POST', '/operators', { name: ' \t' }, 'name'],
  ['a name of the wrong type', 'POST', '/operators', { name: { $ne: null } }, 'name'],
  ['a name that is null', 'POST', '/operators', { name: null }, 'name'],
  ['a name of 201 characters', 'POST', '/operators', { name: 'x'.repeat(201) }, 'name'],
  ['NUL in a name', 'POST', '/operators', { name: 'a\0b' }, 'name'],
  ['half a character in a name', 'POST', '/operators', { name: surrogate }, 'name'],
  ['a cap of 10001', 'POST', '/operators', { name: 'a', max_load: 10_001 }, 'max_load'],
  ['a cap below 0', 'POST', '/operators', { name: 'a', max_load: -1 }, 'max_load'],
  ['half a cap', 'POST', '/operators', { name: 'a', max_load: 1.5 }, 'max_load'],
  ['a cap in words', 'POST', '/operators', { name: 'a', max_load: '5' }, 'max_load'],
  ['a cap beyond every integer', 'POST', '/operators', { name: 'a', max_load: 1e300 }, 'max_load'],
  ['a role that nobody has', 'POST', '/operators', { name: 'a', role: 'root' }, 'role'],
  ['no e-mail at all', 'POST', '/operators', { name: 'a', email: 'nobody' }, 'email'],
  ['an unknown field', 'POST', '/operators', { name: 'a', load: 3 }, 'load'],
  ['a field of the prototype', 'POST', '/operators', { name: 'a', constructor: 1 }, 'constructor'],
  ['requeue without switching off', 'PATCH', '/operators/1', { open_contacts: 'requeue' }, 'open_contacts'],
  ['a plan without a hand-over', 'PATCH', '/operators/1', { is_active: false, plan: 'x' }, 'plan'],
  ['a plan of 65 characters', 'POST', '/operators/1/hand-over', { plan: 'x'.repeat(65) }, 'plan'],
  ['a dry run in words', 'POST', '/operators/1/hand-over', { dry_run: 'yes' }, 'dry_run'],
  ['a weight of 1000001', 'POST', '/operators/1/weights', { source_id: 1, weight: 1_000_001 }, 'weight'],
  ['a token for an unknown operator', 'POST', '/tokens', { name: 'a', operator_id: huge - 1 }, 'operator_id'],
  [
    'a token that has ended',
    'POST',
    '/tokens',
    { name: 'a', expires_at: '2020-01-01T00:00:00Z' },
    'expires_at',
  ],
  [
    'a time without its zone',
    'POST',
    '/tokens',
    { name: 'a', expires_at: '2100-01-01T00:00:00' },
    'expires_at',
  ],
];

const sources: Case[] = [
  ['a code of digits alone', 'POST', '/sources', { name: 'a', code: '123' }, 'code'],
  ['a code in capitals', 'POST', '/sources', { name: 'a', code: 'Shop' }, 'code'],
  ['a code of 65 characters', 'POST', '/sources', { name: 'a', code: 'x'.repeat(65) }, 'code'],
  ['a bot without its token', 'POST', '/sources', { name: 'a', code: 'b', kind: 'telegram' }, 'telegram'],
  ['a token that is none', 'POST', '/sources', telegram({ token: 'abc' }), 'telegram.token'],
  ['a token that Telegram does not know', 'POST', '/sources', telegram({}), 'telegram.token'],
  ['webhook mode without an address', 'POST', '/sources', telegram({ mode: 'webhook' }), 'telegram.mode'],
  ['a Bot API at home', 'POST', '/sources', telegram({ api_root: 'http://10.0.0.1' }), 'telegram.api_root'],
  ['a callback to this machine', 'POST', '/sources', webhook('http://127.0.0.1/'), 'webhook.callback_url'],
  ['one hidden in IPv6', 'POST', '/sources', webhook('http://[::ffff:127.0.0.1]/'), 'webhook.callback_url'],
  [
    'one to the cloud’s own data',
    'POST',
    '/sources',
    webhook('http://169.254.169.254/'),
    'webhook.callback_url',
  ],
  ['a callback to a file', 'POST', '/sources', webhook('file:///etc/passwd'), 'webhook.callback_url'],
  ['a greeting in capitals', 'POST', '/sources', greeted({ RU: 'Привет' }), 'greetings.RU'],
  [
    'a greeting in no language',
    'POST',
    '/sources',
    greeted({ 'по-русски': 'Привет' }),
    'greetings.по-русски',
  ],
  ['a greeting in a word', 'PATCH', '/sources/site', { greetings: { russian: 'a' } }, 'greetings.russian'],
  ['a blank greeting', 'PATCH', '/sources/site', { greetings: { ru: ' ' } }, 'greetings.ru'],
  ['a greeting of 4097 characters', 'POST', '/sources', greeted({ en: 'x'.repeat(4097) }), 'greetings.en'],
  ['a greeting that is null', 'PATCH', '/sources/site', { greetings: { en: null } }, 'greetings.en'],
  ['greetings in a list', 'PATCH', '/sources/site', { greetings: ['Hi'] }, 'greetings'],
  [
    'a notice of no place',
    'POST',
    '/sources',
    { name: 'a', code: 'b', queue_notice: 'Wait' },
    'queue_notice',
  ],
  [
    'a notice of 4097 characters',
    'PATCH',
    '/sources/site',
    { queue_notice: '{place}'.padEnd(4097, 'x') },
    'queue_notice',
  ],
  [
    'a notice of no place in a language',
    'PATCH',
    '/sources/site',
    { queue_notices: { en: 'You are {place}', ru: 'Ждите' } },
    'queue_notices.ru',
  ],
  ['settings of another kind', 'PATCH', '/sources/site', { telegram: { mode: 'polling' } }, 'telegram'],
  [
    'an unknown operator',
    'PUT',
    '/sources/site/operators',
    weights([999, 1]),
    'operator_weights.0.operator_id',
  ],
  [
    'an operator twice',
    'PUT',
    '/sources/site/operators',
    weights([1, 1], [1, 2]),
    'operator_weights.1.operator_id',
  ],
  ['half a weight', 'PATCH', '/sources/site/operators', weights([1, 0.5]), 'operator_weights.0.weight'],
  ['a weight below 0', 'POST', '/sources/site/operators', weights([1, -1]), 'operator_weights.0.weight'],
];

const contacts: Case[] = [
  ['no lead', 'POST', '/contacts', { source_code: 'site' }, 'external_id'],
  ['a blank lead', 'POST', '/contacts', { source_code: 'site', external_id: '  ' }, 'external_id'],
  ['a lead in numbers', 'POST', '/contacts', { source_code: 'site', external_id: 7 }, 'external_id'],
  [
    'an id of 191 characters',
    'POST',
    '/contacts',
    { source_code: 'site', external_id: 'x'.repeat(191) },
    'external_id',
  ],
  ['NUL in an id', 'POST', '/contacts', { source_code: 'site', external_id: 'a\0' }, 'external_id'],
  ['half a character in a text', 'POST', '/contacts', open({ text: `a${surrogate}` }), 'text'],
  ['no source', 'POST', '/contacts', { external_id: 'a' }, 'source_code'],
  ['two sources', 'POST', '/contacts', open({ source_id: 1 }), 'source_code'],
  ['a source beyond every integer', 'POST', '/contacts', { external_id: 'a', source_id: huge }, 'source_id'],
  ['an operator that is null', 'POST', '/contacts/1/assign', { operator_id: null }, 'operator_id'],
  ['an unknown operator', 'POST', '/contacts/1/assign', { operator_id: 999 }, 'operator_id'],
  ['a reply of 4097 characters', 'POST', '/contacts/1/messages', { text: 'x'.repeat(4097) }, 'text'],
  ['a blank reply', 'POST', '/contacts/1/messages', { text: '\n' }, 'text'],
  ['a lead of no language', 'POST', '/contacts', open({ language: 'русский' }), 'language'],
  ['a lead of a language that is none', 'PATCH', '/leads/1', { language: 'e' }, 'language'],
  ['a lead joined to itself', 'POST', '/leads/1/merge', { into: 1 }, 'into'],
  ['a lead joined to nobody', 'POST', '/leads/1/merge', { into: 999 }, 'into'],
];

const queries: Case[] = [
  ...[
    '-1',
    '0',
    '201',
    '1e2',
    '0x10',
    '0b1',
    '+5',
    '%205',
    '1_0',
    '٣',
    '1e9',
    'many',
    '',
    '9'.repeat(30),
    '1.5',
    'null',
  ].map((limit): Case => [`limit=${limit}`, 'GET', `/contacts?limit=${limit}`, undefined, 'limit']),
  ['a limit given twice', 'GET', '/contacts?limit=1&limit=2', undefined, 'limit'],
  ['a cursor that is none', 'GET', '/contacts?cursor=abc', undefined, 'cursor'],
  ['a cursor with NUL', 'GET', '/operators?cursor=%00', undefined, 'cursor'],
  ['a search with NUL', 'GET', '/leads?q=%00', undefined, 'q'],
  ['a status that is none', 'GET', '/contacts?status=lost', undefined, 'status'],
  ['a source that is a word', 'GET', '/contacts?source_id=site', undefined, 'source_id'],
  ...['operator_id', 'source_id', 'lead_id'].map((name): Case => [
    `${name} in hexadecimal`,
    'GET',
    `/contacts?${name}=0x1`,
    undefined,
    name,
  ]),
  ['a message in powers of ten', 'GET', '/contacts/1/messages?before=1e2', undefined, 'before'],
  ['a source in powers of ten', 'GET', '/stats/distribution?source_id=1e0', undefined, 'source_id'],
  ['a time that is none', 'GET', '/stats/distribution?from=yesterday', undefined, 'from'],
  ['a bucket that is none', 'GET', '/stats/summary?bucket=minute', undefined, 'bucket'],
  ['an unknown query', 'GET', '/stats/queue?source=1', undefined, 'source'],
  ...['0', '-1', '1.5', '1e3', '0x1', 'abc', '9'.repeat(16), '%00', '01'].map((id): Case => [
    `the id ${id}`,
    'GET',
    `/contacts/${id}`,
    undefined,
    'id',
  ]),
  ['a source beyond every integer', 'GET', `/sources/${'9'.repeat(17)}`, undefined, 'id'],
  ['a source with a slash in it', 'GET', '/sources/a%2fb', undefined, 'id'],
];

function telegram(traits: object): object {
  const token = '999999:AAUnknownUnknownUnknownUnknown';
  return { name: 'a', code: 'b', kind: 'telegram', telegram: { token, ...traits } };
}

function greeted(greetings: object): object {
  return { name: 'a', code: 'b', greetings };
}

function webhook(url: string): object {
  return { name: 'a', code: 'b', kind: 'webhook', webhook: { callback_url: url } };
}

function weights(...pairs: [number, number][]): object {
  return { operator_weights: pairs.map(([operator_id, weight]) => ({ operator_id, weight })) };
}

function open(traits: object): object {
  return { external_id: 'a', source_code: 'site', ...traits };
}

async function kept({ app: { admin } }: Stage): Promise<string[]> {
  const lists = [
    '/operators',
    '/sources',
    '/tokens',
    '/contacts',
    '/leads',
    '/sources/site/operators',
    '/contacts/1/messages',
  ];
  const answers = await Promise.all(lists.map((path) => admin('GET', path)));
  return answers.map((answer) => answer.text.replaceAll(/"last_used_at":[^,]+/g, ''));
}

describe.each(databases)('on %s', (database) => {
  test('what is wrong is refused at its place, and nothing of it is kept', async () => {
    await using stage = await setStage(database);
    const before = await kept(stage);
    const answers: [Case, Answer<Refused>][] = [];

    for (const one of [...operators, ...sources, ...contacts, ...queries]) {
      const [, method, path, body] = one;
      answers.push([one, await stage.asAdmin<Refused>(method, path, { body })]);
    }

    for (const [[what, method, path, , at], { status, json }] of answers) {
      expect(status, `${what}: ${method} ${path}`).toBe(422);
      expect(
        json.errors.map((error) => error.path),
        what,
      ).toContain(at);
    }
    expect(await kept(stage)).toEqual(before);
  });

  test.each(['', '{', 'null x', "{'name': 1}", '{"name": NaN}'])('the body %j is not JSON', async (raw) => {
    await using stage = await setStage(database);

    const answer = await stage.app.admin('POST', '/operators', {
      raw,
      headers: { 'content-type': 'application/json' },
    });

    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'bad-json' });
  });

  test('everything that is wrong with a request is told in one answer', async () => {
    await using stage = await setStage(database);

    const answer = await stage.app.admin<Refused>('POST', '/contacts?x=1', {
      body: { external_id: '', source_code: 'UP', phone: 7, extra: true },
      headers: { 'idempotency-key': ' ' },
    });

    const paths = answer.json.errors.map((error) => error.path);
    expect(paths.toSorted()).toEqual([
      'external_id',
      'extra',
      'idempotency-key',
      'phone',
      'source_code',
      'x',
    ]);
  });

  test('the longest words that the contract allows come back as they were', async () => {
    await using stage = await setStage(database);
    const name = '\u{1f98a}'.repeat(100);
    const external_id = '\u202e<script>'.repeat(20).slice(0, 190);

    const opened = await stage.app.admin<{ lead_id: number }>('POST', '/contacts', {
      body: { external_id, name, source_code: 'site', text: 'x'.repeat(100_000) },
    });
    const lead = await stage.app.admin('GET', `/leads/${opened.json.lead_id}`);

    expect(opened.status).toBe(201);
    expect(lead.json).toMatchObject({ external_id, name });
  });

  test('what no database can hold is refused where nobody has proved anything yet', async () => {
    await using app = await startTestApp(database);
    const password = 'quiet harbour lantern';
    const attempts: [string, object][] = ['a\0b', '\ud800'].flatMap((odd) => [
      ['/session', { email: odd, password }],
      ['/session', { email: 'ann@example.com', password: odd }],
      ['/invite/look', { code: odd }],
      ['/invite', { code: odd, password }],
    ]);

    const answers = await Promise.all(attempts.map(([path, body]) => app.as(null)('POST', path, { body })));

    expect(answers.map(({ status }) => status)).toEqual(attempts.map(() => 422));
  });
});

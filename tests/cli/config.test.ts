import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { Role } from '../../src/contract/access.ts';
import { ConfigFile, operatorKey } from '../../src/contract/config-file.ts';
import { Strategy } from '../../src/contract/decision.ts';
import type { SourceId } from '../../src/contract/ids.ts';
import { HookField, OnOffline, TelegramMode, WebhookAuth } from '../../src/contract/source.ts';
import { Name } from '../../src/contract/text.ts';
import { createOperator } from '../../src/desk/create-operator.ts';
import { createSource } from '../../src/desk/create-source.ts';
import { exportConfiguration } from '../../src/desk/export-config.ts';
import { importConfiguration } from '../../src/desk/import-config.ts';
import { replaceWeights } from '../../src/desk/source-weights.ts';
import { Contact } from '../../src/store/entities/contact.ts';
import { Source } from '../../src/store/entities/source.ts';
import { StrategyMemory } from '../../src/store/entities/strategy-memory.ts';
import {
  admin,
  databases,
  hasOperator,
  hasSource,
  openTestDesk,
  opens,
  type TestDesk,
} from '../support/desk.ts';
import { madeContact, madeOperator, madeSource, startTestApp } from '../support/http.ts';
import { configVersion, eventsOf } from '../desk/administration.ts';
import { runCli, type Said } from './support/run-cli.ts';

const TOKEN = '123456789:AAcanaryTokenOfTheBotNobodyMaySeeZq9x';

/** A folder of its own, and the commands on a database. */
async function openOffice(databaseUrl: string) {
  const folder = await mkdtemp(join(tmpdir(), 'leadgate-config-'));
  const path = join(folder, 'config.yaml');
  const env = { DATABASE_URL: databaseUrl, CALLBACK_ALLOW: '10.0.0.0/8' };
  return {
    path,
    export: async () => (await runCli('export-config', env)).printed,
    /** Imports a text, or what stands for one. */
    async imports(file: unknown, ...words: string[]): Promise<Said> {
      await writeFile(path, typeof file === 'string' ? file : stringify(file));
      return runCli(['import-config', path, ...words].join(' '), env);
    },
    run: (command: string) => runCli(command, env),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

const operator = (name: string, traits: object = {}) => ({
  name,
  role: 'operator',
  max_load: 5,
  is_active: true,
  ...traits,
});

const source = (code: string, traits: object = {}) => ({
  code,
  name: code,
  kind: 'api',
  is_active: true,
  strategy: 'weighted_random',
  return_policy: { kind: 'route' },
  require_presence: false,
  priority: 0,
  reopen_minutes: 0,
  offer_seconds: 0,
  on_offline: 'keep',
  weights: {},
  ...traits,
});

const file = (operators: object[], sources: object[]) => ({ version: 1, operators, sources });

/** Anna and Bob on a shop, a bot and a hook whose secrets nobody may see. */
async function isFurnished(desk: TestDesk): Promise<void> {
  const common = { role: 'operator', is_active: true } as const;
  const anna = await createOperator(desk, admin, {
    ...common,
    name: 'Anna',
    email: 'Anna@x.example',
    max_load: 5,
  });
  const bob = await createOperator(desk, admin, { ...common, name: 'Bob', max_load: 3 });
  const settings = {
    is_active: true,
    strategy: 'weighted_random',
    return_policy: { kind: 'route' },
    require_presence: false,
    priority: 0,
    reopen_minutes: 0,
    offer_seconds: 0,
    on_offline: 'keep',
  } as const;
  await createSource(desk, admin, { ...settings, code: 'shop', name: 'Shop', kind: 'api', greeting: 'Hi' });
  await createSource(
    desk,
    admin,
    { ...settings, code: 'bot', name: 'Bot', kind: 'telegram', telegram: { token: TOKEN, mode: 'polling' } },
    { id: 123_456_789, username: 'canary_bot' },
  );
  const webhook = {
    callback_url: 'https://crm.example/in',
    mapping: { text: '/body', external_id: '/from' },
  };
  await createSource(desk, admin, { ...settings, code: 'hook', name: 'Hook', kind: 'webhook', webhook });
  const weights = [
    { operator_id: anna.id, weight: 10 },
    { operator_id: bob.id, weight: 30 },
  ];
  await replaceWeights(desk, admin, 'shop', { operator_weights: weights });
}

describe.each(databases)('on %s', (database) => {
  test('an export is read by people, and holds no secret and no state', async () => {
    await using desk = await openTestDesk(database);
    await isFurnished(desk);
    await using office = await openOffice(desk.databaseUrl);

    const exported = await office.export();

    expect(parse(exported)).toEqual(
      file(
        [operator('Bob', { max_load: 3 }), operator('Anna', { email: 'anna@x.example' })],
        [
          source('bot', { name: 'Bot', kind: 'telegram', telegram: { mode: 'polling', api_root: null } }),
          source('hook', {
            name: 'Hook',
            kind: 'webhook',
            webhook: {
              auth: 'bearer',
              callback_url: 'https://crm.example/in',
              mapping: { external_id: '/from', text: '/body' },
            },
          }),
          source('shop', { name: 'Shop', greeting: 'Hi', weights: { 'anna@x.example': 10, Bob: 30 } }),
        ],
      ),
    );
    const sources = await desk.store.em().find(Source, {});
    const hidden = [TOKEN, 'canary', ...sources.flatMap((row) => [row.sealedSecret, row.tokenFingerprint])];
    for (const secret of [...hidden, ...sources.map((row) => row.secretHint)])
      if (secret) expect(exported).not.toContain(secret);
  });

  test('a file that was exported changes nothing, and is the same text every time', async () => {
    await using desk = await openTestDesk(database);
    await isFurnished(desk);
    await using office = await openOffice(desk.databaseUrl);
    const before = await configVersion(desk);

    const written = await office.run(`export-config ${office.path}`);
    const text = await readFile(office.path, 'utf8');
    const imported = await office.imports(text);

    expect(written.printed).toContain('2 operators, 3 sources');
    expect(text).toBe(`${await office.export()}\n`);
    expect([imported.code, imported.printed]).toEqual([
      0,
      `Nothing to change; the configuration is at version ${before}.`,
    ]);
    expect(await configVersion(desk)).toBe(before);
  });

  test('an export goes into an empty database, whose export is equal', async () => {
    await using desk = await openTestDesk(database);
    await isFurnished(desk);
    await using office = await openOffice(desk.databaseUrl);
    await using emptyDesk = await openTestDesk(database);
    await using other = await openOffice(emptyDesk.databaseUrl);
    // A bot cannot come from a file: somebody has to bring its token.
    await hasSource(emptyDesk, { code: 'bot', kind: 'telegram' });
    const exported = await office.export();

    const { code, printed } = await other.imports(exported);

    expect(code).toBe(0);
    expect(printed.split('\n').slice(0, -2)).toEqual([
      '+ operator Bob',
      '+ operator anna@x.example',
      '~ source bot name: bot -> Bot',
      '+ source hook',
      '+ source shop',
      '+ weights shop: Bob 30',
      '+ weights shop: anna@x.example 10',
    ]);
    expect(printed).toMatch(/^secret of source hook: whsec_\S+$/m);
    expect(await other.export()).toBe(exported);
    const hook = await emptyDesk.store.em().findOneOrFail(Source, { code: 'hook' });
    expect(printed).toContain(hook.secretHint!);
  });

  test('every kind of change is a line, and is made in one version with its events', async () => {
    await using desk = await openTestDesk(database);
    await isFurnished(desk);
    await hasOperator(desk, { name: 'Carl' });
    await hasSource(desk, { code: 'old' });
    const shop = await desk.store.em().findOneOrFail(Source, { code: 'shop' });
    await using office = await openOffice(desk.databaseUrl);
    const before = await configVersion(desk);
    const told = (await eventsOf(desk, 'operator.updated')).length;
    const wanted = file(
      [
        operator('Anna B.', { email: 'ANNA@x.example', max_load: 8, role: 'supervisor' }),
        operator('Bob', { max_load: 3, is_active: false }),
        operator('Dora'),
      ],
      [
        source('shop', {
          name: 'Shop',
          strategy: 'smooth_weighted',
          weights: { 'Anna@X.example': 30, Dora: 1 },
        }),
        source('bot', { name: 'Bot', kind: 'telegram', telegram: { mode: 'webhook', api_root: null } }),
        source('hook', {
          name: 'Hook',
          kind: 'webhook',
          greetings: { ru: 'Привет' },
          webhook: { auth: 'standard', mapping: { text: '/body' } },
        }),
        source('site', { weights: { Bob: 2 } }),
      ],
    );

    const { code, printed } = await office.imports(wanted);

    expect([code, printed.split('\n')]).toEqual([
      0,
      [
        '~ operator Bob is_active: true -> false',
        '+ operator Dora',
        '~ operator anna@x.example name: Anna -> "Anna B."',
        '~ operator anna@x.example role: operator -> supervisor',
        '~ operator anna@x.example max_load: 5 -> 8',
        '~ source bot telegram.mode: polling -> webhook',
        '~ source hook webhook.auth: bearer -> standard',
        '~ source hook webhook.callback_url: https://crm.example/in -> none',
        '~ source hook webhook.mapping.external_id: /from -> none',
        '~ source hook greetings.ru: none -> "Привет"',
        '~ source shop strategy: weighted_random -> smooth_weighted',
        '~ source shop greeting: Hi -> none',
        '+ weights shop: Dora 1',
        '~ weights shop: anna@x.example 10 -> 30',
        '+ source site',
        '+ weights site: Bob 2',
        '= operator Carl is not in the file: left as it is',
        '= source old is not in the file: left as it is',
        '= weights shop: Bob 30 is not in the file: left as it is',
        `16 changes made; the configuration went from version ${before} to ${before + 1}.`,
      ],
    ]);
    const { file: after } = await exportConfiguration(desk, admin);
    expect(after.operators).toHaveLength(4);
    expect(after.sources.find((one) => one.code === 'shop')).toEqual(
      ConfigFile.shape.sources.element.parse(
        source('shop', {
          name: 'Shop',
          strategy: 'smooth_weighted',
          weights: { Bob: 30, Dora: 1, 'anna@x.example': 30 },
        }),
      ),
    );
    expect(await eventsOf(desk, 'operator.updated')).toHaveLength(told + 3);
    expect((await eventsOf(desk, 'source.updated')).map((event) => event.sourceId)).toContain(shop.id);
    const bot = await desk.store.em().findOneOrFail(Source, { code: 'bot' });
    expect(desk.seal.fingerprint(TOKEN)).toBe(bot.tokenFingerprint);
    expect((await office.imports(wanted)).printed).toContain('Nothing to change');
  });

  test('a dry run tells the same lines and writes nothing', async () => {
    await using desk = await openTestDesk(database);
    await isFurnished(desk);
    await using office = await openOffice(desk.databaseUrl);
    const [exported, version] = [await office.export(), await configVersion(desk)];
    const wanted = exported.replace('max_load: 5', 'max_load: 8').replace('Bob: 30', 'Bob: 31');
    const hook = source('hook-2', { kind: 'webhook', webhook: { auth: 'bearer' } });
    const read = parse(wanted) as { sources: object[] };

    const { code, printed } = await office.imports(
      { ...read, sources: [...read.sources, hook] },
      '--dry-run',
    );

    expect([code, printed.split('\n')]).toEqual([
      0,
      [
        '~ operator anna@x.example max_load: 5 -> 8',
        '+ source hook-2',
        '~ weights shop: Bob 30 -> 31',
        `3 changes to be made; the configuration stays at version ${version}.`,
      ],
    ]);
    expect([await office.export(), await configVersion(desk)]).toEqual([exported, version]);
  });

  test('what fails half-way leaves everything as it was', async () => {
    await using desk = await openTestDesk(database);
    await using office = await openOffice(desk.databaseUrl);
    const [exported, version] = [await office.export(), await configVersion(desk)];
    const hook = source('hook', { kind: 'webhook', webhook: { auth: 'bearer' } });
    const wanted = ConfigFile.parse(file([operator('Ann')], [source('a'), hook]));
    const seal = {
      ...desk.seal,
      close: () => {
        throw new Error('no seal today');
      },
    };

    const failing = importConfiguration({ ...desk, seal }, admin, wanted);

    await expect(failing).rejects.toThrow('no seal today');
    expect([await office.export(), await configVersion(desk)]).toEqual([exported, version]);
    expect(await eventsOf(desk, 'operator.updated')).toEqual([]);
  });

  test('faults that only the database shows are told together, and nothing is written', async () => {
    await using desk = await openTestDesk(database);
    await isFurnished(desk);
    await using office = await openOffice(desk.databaseUrl);
    const [exported, version] = [await office.export(), await configVersion(desk)];

    const { code, printed, hinted } = await office.imports(
      file(
        [operator('Eve')],
        [
          source('shop', { kind: 'webhook', webhook: { auth: 'bearer' } }),
          source('bot-2', { kind: 'telegram', telegram: { mode: 'polling' } }),
          source('a', { weights: { Eve: 1, Nobody: 2, 'anna@x.example': 3, 'Anna@X.example': 4 } }),
        ],
      ),
    );

    expect([code, printed]).toEqual([1, '']);
    expect(hinted.split('\n')).toEqual([
      'sources.0.kind: source shop is of kind api, which never changes',
      expect.stringMatching(/^sources\.1: source bot-2 is not in the database.*bot token/),
      'sources.2.weights.Nobody: there is no such operator',
      'sources.2.weights.Anna@X.example: this operator is named twice',
    ]);
    expect([await office.export(), await configVersion(desk)]).toEqual([exported, version]);
  });

  test('operators who cannot be told apart are named, and neither exported nor imported', async () => {
    await using desk = await openTestDesk(database);
    const ids = [await hasOperator(desk, { name: 'Ann' }), await hasOperator(desk, { name: 'Ann' })];
    await using office = await openOffice(desk.databaseUrl);
    const version = await configVersion(desk);

    const exported = await office.run('export-config');
    const imported = await office.imports(file([operator('Bob')], []));

    for (const { code, printed, hinted } of [exported, imported]) {
      expect([code, printed]).toEqual([1, '']);
      expect(hinted).toContain(`${ids.join(' and ')} are both known as "Ann"`);
    }
    expect(await configVersion(desk)).toBe(version);
  });

  test('a strategy begins anew where weights change, and only there', async () => {
    await using desk = await openTestDesk(database);
    const sources: SourceId[] = [];
    for (const code of ['a', 'b']) sources.push(await hasSource(desk, { code, strategy: 'smooth_weighted' }));
    await hasOperator(desk, { name: 'Ann', on: { [sources[0]!]: 1, [sources[1]!]: 1 } });
    for (const id of sources) await opens(desk, id, 'lead');
    await using office = await openOffice(desk.databaseUrl);

    await office.imports((await office.export()).replace('Ann: 1', 'Ann: 2'));

    const kept = await desk.store.em().find(StrategyMemory, {});
    expect(kept.map((memory) => memory.source.id)).toEqual([sources[1]]);
  });

  test('a queue moves when a cap is raised, beside a running gateway that knows it at once', async () => {
    await using app = await startTestApp(database);
    const ann = await madeOperator(app, { name: 'Ann', max_load: 1 });
    const site = await madeSource(app, { code: 'site' }, { [ann.id]: 1 });
    await madeContact(app, site.id);
    const waiting = await madeContact(app, site.id);
    await using office = await openOffice(app.databaseUrl);
    const exported = await office.export();

    const { code } = await office.imports(exported.replace('max_load: 1', 'max_load: 2'));

    expect([code, waiting.status]).toEqual([0, 'waiting']);
    expect((await app.admin('GET', `/contacts/${waiting.id}`)).json).toMatchObject({
      status: 'assigned',
      operator_id: ann.id,
    });
    expect((await app.admin('GET', `/operators/${ann.id}`)).json).toMatchObject({ max_load: 2, load: 2 });
    expect(await app.app.desk.store.em().count(Contact, { status: 'waiting' })).toBe(0);
  });

  test('whatever a configuration says comes back when it is exported', { timeout: 120_000 }, async () => {
    await using desk = await openTestDesk(database);
    await using office = await openOffice(desk.databaseUrl);

    await fc.assert(
      fc.asyncProperty(configuration(), async (wanted) => {
        await clear(desk);
        for (const one of wanted.sources)
          if (one.kind === 'telegram') await hasSource(desk, { code: one.code, kind: 'telegram' });
        const text = stringify(wanted);

        const { code, hinted } = await office.imports(text);

        expect(code, hinted).toBe(0);
        const exported = await office.export();
        expect(ConfigFile.parse(parse(exported))).toEqual(normalised(ConfigFile.parse(parse(text))));
        expect((await office.imports(exported)).printed).toMatch(/^Nothing to change/);
        expect(await office.export()).toBe(exported);
      }),
      { seed: 20_260_101, numRuns: 20 },
    );
  });
});

async function clear(desk: TestDesk): Promise<void> {
  await desk.store.write(async (tx) => {
    for (const table of ['source_operator', 'source', 'operator'])
      await tx.em.execute(`delete from ${table}`);
  });
}

function normalised(wanted: ConfigFile): ConfigFile {
  const byText = (a: string, b: string) => (a < b ? -1 : 1);
  return {
    version: 1,
    operators: wanted.operators.toSorted((a, b) => byText(operatorKey(a), operatorKey(b))),
    sources: wanted.sources.toSorted((a, b) => byText(a.code, b.code)),
  };
}

function configuration() {
  const bool = fc.boolean();
  const name = fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 30 }),
    fc.constantFrom(
      '__proto__',
      '10',
      'null',
      '1e3',
      'a: b',
      '- x',
      '#',
      'two\nlines\n',
      ' x ',
      '\u0085',
      '😀',
    ),
  );
  const storedName = name.filter((text) => Name.safeParse(text).success);
  const url = fc.constantFrom('https://crm.example/in?x=1#y', 'http://10.0.0.1:8080/');
  const operators = fc.uniqueArray(
    fc.record(
      {
        name: storedName,
        email: fc.stringMatching(/^[a-z0-9]{1,8}$/).map((word) => `${word}@x.example`),
        role: fc.constantFrom(...Role.options),
        max_load: fc.nat(10_000),
        is_active: bool,
      },
      { requiredKeys: ['name', 'role', 'max_load', 'is_active'] },
    ),
    { selector: operatorKey, maxLength: 6 },
  );
  const common = {
    code: fc.stringMatching(/^[a-z0-9_-]{0,20}[a-z]$/),
    name: storedName,
    is_active: bool,
    strategy: fc.constantFrom(...Strategy.options),
    return_policy: fc.record({ kind: fc.constantFrom('route', 'prefer_last') }),
    require_presence: bool,
    priority: fc.nat(1000),
    reopen_minutes: fc.nat(43_200),
    offer_seconds: fc.nat(3600),
    on_offline: fc.constantFrom(...OnOffline.options),
    greeting: fc.option(storedName, { nil: undefined }),
    greetings: fc.constantFrom(undefined, { ru: 'Привет\n\n  да' }, { en: '- hi', 'pt-br': 'olá: #' }),
    queue_notice: fc.constantFrom(undefined, 'You are number {place}.\n# yes'),
    queue_notices: fc.constantFrom(undefined, { ru: '{place}' }),
  };
  const mapping = fc.dictionary(fc.constantFrom(...HookField.options), fc.constantFrom('', '/a', '/b~1/~0'));
  const webhook = fc.record({
    auth: fc.constantFrom(...WebhookAuth.options),
    callback_url: fc.option(url),
    mapping,
  });
  const telegram = fc.record({ mode: fc.constantFrom(...TelegramMode.options), api_root: fc.option(url) });
  const sources = fc.uniqueArray(
    fc.oneof(
      fc.record({ ...common, kind: fc.constant('api') }),
      fc.record({ ...common, kind: fc.constant('webhook'), webhook }),
      fc.record({ ...common, kind: fc.constant('telegram'), telegram }),
    ),
    { selector: ({ code }) => code, maxLength: 5 },
  );
  return fc.tuple(operators, sources).chain(([people, places]) => {
    const keys = people.map(operatorKey);
    const weights = fc
      .tuple(
        fc.subarray(keys),
        fc.array(fc.nat(1_000_000), { minLength: keys.length, maxLength: keys.length }),
      )
      .map(([chosen, numbers]) => new Map(chosen.map((key, index) => [key, numbers[index]!])));
    return fc.array(weights, { minLength: places.length, maxLength: places.length }).map((all) => ({
      version: 1,
      operators: people,
      sources: places.map((place, index) => ({ ...place, weights: all[index]! })),
    }));
  });
}

describe('a file that is broken', () => {
  test('names every fault with its line and path, and the database is not even opened', async () => {
    await using office = await openOffice('sqlite:/nowhere/at/all.db');
    const broken = stringify({
      version: 2,
      operators: [operator('Ann'), operator('Ann'), operator('Bob', { max_load: -1, email: 'bob' })],
      sources: [
        source('shop', { strategy: 'best', webhook: { auth: 'bearer' }, weights: { Ann: 'much' } }),
        source('shop', { kind: 'telegram', colour: 'red' }),
      ],
      secrets: [],
    });

    const { code, printed, hinted } = await office.imports(broken);

    expect([code, printed]).toEqual([1, '']);
    const faults = [
      /^line 1, version: must be 1/m,
      /^line \d+, operators\.1: operator "Ann" is named twice$/m,
      /^line \d+, operators\.2\.max_load: /m,
      /^line \d+, operators\.2\.email: /m,
      /^line \d+, sources\.0\.strategy: /m,
      /^line \d+, sources\.0\.webhook: goes with kind: webhook$/m,
      /^line \d+, sources\.0\.weights\.Ann: /m,
      /^line \d+, sources\.1: .*colour/m,
      /^line \d+, sources\.1\.telegram: a source of kind telegram needs these settings$/m,
      /^line \d+, sources\.1: source "shop" is named twice$/m,
      /secrets/,
    ];
    for (const fault of faults) expect(hinted).toMatch(fault);
    expect(hinted.split('\n')).toHaveLength(faults.length);
    const line = Number(/^line (\d+), operators\.2\.max_load/m.exec(hinted)![1]);
    expect(broken.split('\n')[line - 1]).toContain('max_load: -1');
  });

  test.each([
    ['version: 1\noperators: [\n', /^line [23]: /],
    ['version: 1\nsources: []\nsources: []\n', /^line 3: Map keys must be unique/],
    ['', /expected object/],
    ['just words', /expected object/],
    [
      `version: 1\na: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [${'*a,'.repeat(10)}]\nc: [${'*b,'.repeat(50)}]`,
      /alias/,
    ],
  ])('is told, not read: %j', async (text, why) => {
    await using office = await openOffice('sqlite:/nowhere/at/all.db');

    const { code, printed, hinted } = await office.imports(text);

    expect([code, printed]).toEqual([1, '']);
    expect(hinted).toMatch(why);
  });

  test('a file that is not there is told', async () => {
    const { code, hinted } = await runCli('import-config /nowhere/config.yaml');

    expect(code).toBe(1);
    expect(hinted).toContain('/nowhere/config.yaml');
  });

  test.each(['import-config', 'import-config a b', 'import-config a --wet', 'export-config a b'])(
    'does not understand: %s',
    async (command) => {
      expect((await runCli(command)).code).toBe(2);
    },
  );

  test('nothing in a line is obeyed by a terminal', async () => {
    await using desk = await openTestDesk('sqlite');
    await using office = await openOffice(desk.databaseUrl);

    const { printed } = await office.imports(file([operator('\u001b[2J\u009bAnn\n+ source x')], []));

    expect(printed.split('\n')[0]).toBe(String.raw`+ operator "\u001b[2J\u{9b}Ann\n+ source x"`);
  });
});

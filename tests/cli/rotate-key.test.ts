import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { SourceCreate } from '../../src/contract/source.ts';
import { findChannel } from '../../src/desk/channels.ts';
import { createSource } from '../../src/desk/create-source.ts';
import type { Desk } from '../../src/desk/desk.ts';
import { openDesk } from '../../src/desk/open-desk.ts';
import { rotateKey } from '../../src/desk/rotate-key.ts';
import { rotateSecret } from '../../src/desk/rotate-secret.ts';
import { telegramWebhookSecret } from '../../src/desk/source-secret.ts';
import { startBotApi } from '../../src/demo/bot-api/start.ts';
import { newSecretKey } from '../../src/config.ts';
import { openLog } from '../../src/log.ts';
import { AuditEntry } from '../../src/store/entities/audit-entry.ts';
import { Source } from '../../src/store/entities/source.ts';
import { openSeal } from '../../src/store/seal.ts';
import { admin, databases, freshDatabase, type TestDatabase } from '../support/desk.ts';
import { SECRET_KEY } from '../support/gateway.ts';
import { freshFolder, startTestApp } from '../support/http.ts';
import { connect } from '../support/postgres.ts';
import { runCli } from './support/run-cli.ts';

const TOKEN = '123456:AAbbccddeeffgghhiijjkkllmmnnooppqqr';
const root = fileURLToPath(new URL('../..', import.meta.url));

function keyed(url: string, key: Buffer) {
  return openDesk({ databaseUrl: url, secretKey: key, routingSeed: '', log: openLog('silent') });
}

/** A bot, and a webhook whose secret has been rotated; answers what opens the door of the webhook. */
async function isFurnished(desk: Desk): Promise<string[]> {
  const bot = { name: 'Bot', code: 'bot', kind: 'telegram', telegram: { token: TOKEN } };
  await createSource(desk, admin, SourceCreate.parse(bot));
  const hook = SourceCreate.parse({ name: 'Shop', code: 'shop', kind: 'webhook' });
  const { webhook } = await createSource(desk, admin, hook);
  const { secret } = await rotateSecret(desk, admin, 'shop', { overlap_hours: 24 });
  return [secret, webhook!.secret];
}

/** What a desk with this key reads. */
async function secretsOf(url: string, key: Buffer) {
  await using desk = await keyed(url, key);
  const bot = await findChannel(desk, { code: 'bot' });
  const shop = await findChannel(desk, { code: 'shop' });
  return { token: bot?.telegram?.token, hook: shop?.webhook?.secrets.map(({ secret }) => secret) };
}

/** Everything that is sealed in a database, with the fingerprint. */
async function sealedIn(url: string): Promise<string[]> {
  await using desk = await keyed(url, Buffer.alloc(32));
  const rows = await desk.store.em().find(Source, {}, { orderBy: { id: 'asc' } });
  return rows
    .flatMap((row) => [row.sealedSecret, row.previousSealedSecret, row.tokenFingerprint])
    .filter((one) => one != null);
}

/** Everything that lies in the files or tables of a database, dead rows of PostgreSQL included. */
async function everyByteOf(url: string): Promise<string> {
  if (url.startsWith('sqlite:')) {
    const file = url.slice('sqlite:'.length);
    const parts = await Promise.all(
      ['', '-wal'].map((end) => readFile(file + end, 'latin1').catch(() => '')),
    );
    return parts.join();
  }
  await using client = await connect(url);
  await client.query('checkpoint');
  const { rows } = await client.query<{ bytes: Buffer }>(
    `select pg_read_binary_file(path) as bytes from (
       select pg_relation_filepath('source') as path
       union all select pg_relation_filepath(reltoastrelid) from pg_class
         where oid = 'source'::regclass and reltoastrelid <> 0) files`,
  );
  return rows.map(({ bytes }) => bytes.toString('latin1')).join();
}

/** A transaction in another database, which has written. */
async function isBusyElsewhere(): Promise<AsyncDisposable> {
  await using opening = new AsyncDisposableStack();
  const other = opening.use(await freshDatabase('postgresql'));
  const client = opening.use(await connect(other.url));
  await client.query('begin');
  await client.query('select pg_current_xact_id()');
  return opening.move();
}

describe.each(databases)('on %s, with SECRET_KEY from the environment', (database) => {
  const old = Buffer.from(SECRET_KEY, 'base64');

  async function openFurnished(): Promise<TestDatabase & { secrets: string[] }> {
    const fresh = await freshDatabase(database);
    await using desk = await keyed(fresh.url, old);
    return { ...fresh, secrets: await isFurnished(desk) };
  }

  test('every secret is sealed anew with the key that is printed, and the old one opens nothing', async () => {
    await using furnished = await openFurnished();
    const { url, secrets } = furnished;
    const before = await sealedIn(url);
    // Somebody else's transaction on the same server lets no vacuum take what has just died.
    await using _ = database === 'postgresql' ? await isBusyElsewhere() : null;

    const { code, printed, hinted } = await runCli('rotate-key', { DATABASE_URL: url });

    expect(code).toBe(0);
    expect(hinted).toMatch(/^The secrets of 2 sources are sealed with the new key\. Put it into SECRET_KEY/);
    const key = Buffer.from(printed, 'base64');
    expect(key).toHaveLength(32);
    expect(await secretsOf(url, key)).toEqual({ token: TOKEN, hook: secrets });
    await expect(secretsOf(url, old)).rejects.toThrow('is sealed with another key than SECRET_KEY');
    const after = await sealedIn(url);
    expect(after).toHaveLength(4);
    const forger = openSeal(old);
    for (const one of after) {
      // Even where its label is the old key's.
      const relabelled = one.replace(/^v1\.[0-9a-f]{8}\./, `v1.${forger.keyId}.`);
      for (const place of ['source:1:secret', 'source:2:secret', 'source:2:secret-before'])
        expect(() => forger.open(place, relabelled)).toThrow();
    }
    expect(after).not.toContain(forger.fingerprint(TOKEN));
    const bytes = await everyByteOf(url);
    expect(after.filter((one) => !bytes.includes(one))).toEqual([]);
    expect(before.filter((one) => bytes.includes(one))).toEqual([]);
  });

  test('a key from a file is taken and not printed, and the rotation is audited by the names of the keys', async () => {
    await using furnished = await openFurnished();
    await using folder = await freshFolder();
    const file = `${folder.path}/new.key`;
    const text = newSecretKey();
    await writeFile(file, `${text}\n`);

    const said = await runCli(`rotate-key --new-key-file ${file}`, { DATABASE_URL: furnished.url });

    const key = Buffer.from(text, 'base64');
    expect([said.code, said.printed]).toEqual([0, '']);
    expect(await secretsOf(furnished.url, key)).toEqual({ token: TOKEN, hook: furnished.secrets });
    await using desk = await keyed(furnished.url, key);
    expect(await desk.store.em().find(AuditEntry, { action: 'key.rotated' })).toMatchObject([
      {
        actor: 'command-line',
        subject: 'key',
        before: { key: openSeal(old).keyId },
        after: { key: openSeal(key).keyId, sources: 2 },
      },
    ]);
  });

  test('a bot token still belongs to one source', async () => {
    await using furnished = await openFurnished();
    const { printed } = await runCli('rotate-key', { DATABASE_URL: furnished.url });
    await using desk = await keyed(furnished.url, Buffer.from(printed, 'base64'));
    const twin = { name: 'Twin', code: 'twin', kind: 'telegram', telegram: { token: TOKEN } };

    await expect(createSource(desk, admin, SourceCreate.parse(twin))).rejects.toMatchObject({
      code: 'token-in-use',
    });
  });

  test('while a gateway runs nothing is changed, and the command says what to do', async () => {
    await using furnished = await openFurnished();
    const { url, secrets } = furnished;
    {
      await using _ = await startTestApp(database, {
        databaseUrl: url,
        telegramApiRoot: 'http://127.0.0.1:9',
      });

      const { code, printed, hinted } = await runCli('rotate-key', { DATABASE_URL: url });

      expect([code, printed]).toEqual([1, '']);
      expect(hinted).toMatch(/Stop (it|them) first/);
    }
    expect(await secretsOf(url, old)).toEqual({ token: TOKEN, hook: secrets });
    // One that was stopped is not waited for.
    expect((await runCli('rotate-key', { DATABASE_URL: url })).code).toBe(0);
  });

  test.each([
    ['short', /does not hold 32 bytes/],
    [SECRET_KEY, /is the present one/],
  ])('a file with %s in it is refused, and nothing is changed', async (text, why) => {
    await using furnished = await openFurnished();
    await using folder = await freshFolder();
    await writeFile(`${folder.path}/new.key`, text);

    const said = await runCli(`rotate-key --new-key-file ${folder.path}/new.key`, {
      DATABASE_URL: furnished.url,
    });

    expect(said.code).toBe(1);
    expect(said.hinted).toMatch(why);
    expect((await secretsOf(furnished.url, old)).token).toBe(TOKEN);
  });

  test('a source that was sealed with a lost key is named, and nothing is changed', async () => {
    await using furnished = await openFurnished();
    const { url } = furnished;
    {
      await using desk = await keyed(url, Buffer.alloc(32, 9));
      const lost = SourceCreate.parse({ name: 'Lost', code: 'lost', kind: 'webhook' });
      await createSource(desk, admin, lost);
    }
    const before = await sealedIn(url);

    const said = await runCli('rotate-key', { DATABASE_URL: url });

    expect([said.code, said.hinted]).toEqual([1, expect.stringContaining('than the present one: lost.')]);
    expect(await sealedIn(url)).toEqual(before);
  });
});

describe('on SQLite, with the key beside the database', () => {
  const env = (url: string) => ({ DATABASE_URL: url, SECRET_KEY: '' });
  const fileOf = (url: string) => url.slice('sqlite:'.length);
  const keyIn = async (file: string) => Buffer.from((await readFile(file, 'utf8')).trim(), 'base64');
  const isThere = (file: string) =>
    stat(file).then(
      () => true,
      () => false,
    );

  async function openFurnished() {
    const fresh = await freshDatabase('sqlite');
    const file = fileOf(fresh.url);
    await runCli('migrate', env(fresh.url));
    const old = await keyIn(`${file}.key`);
    await using desk = await keyed(fresh.url, old);
    return { ...fresh, file, old, secrets: await isFurnished(desk) };
  }

  type Furnished = Awaited<ReturnType<typeof openFurnished>>;

  /** The next key is laid, and the database is sealed with it or not yet. */
  async function isInterrupted({ url, file, old }: Furnished, isCommitted: boolean): Promise<Buffer> {
    const next = Buffer.alloc(32, 3);
    await writeFile(`${file}.key.next`, `${next.toString('base64')}\n`, { mode: 0o600 });
    await using desk = await keyed(url, old);
    if (isCommitted) await rotateKey(desk, admin, next);
    return next;
  }

  /** A start of the gateway, which ends an interrupted rotation. */
  async function starts({ url }: Furnished): Promise<void> {
    await using _ = await startTestApp('sqlite', { databaseUrl: url, secretKey: null });
  }

  test('the key makes room for a new one that is as hidden, and the old one opens nothing', async () => {
    await using furnished = await openFurnished();
    const { url, file, old, secrets } = furnished;

    const { code, printed } = await runCli('rotate-key', env(url));

    expect([code, printed]).toEqual([0, `The secrets of 2 sources are sealed with a new key: ${file}.key.`]);
    const key = await keyIn(`${file}.key`);
    expect(key.equals(old)).toBe(false);
    expect((await stat(`${file}.key`)).mode & 0o777).toBe(0o600);
    expect(await isThere(`${file}.key.next`)).toBe(false);
    expect(await secretsOf(url, key)).toEqual({ token: TOKEN, hook: secrets });
    await expect(secretsOf(url, old)).rejects.toThrow('is sealed with another key');
  });

  test('a database without any secret gets a new key as well', async () => {
    await using fresh = await freshDatabase('sqlite');
    await runCli('migrate', env(fresh.url));
    const old = await keyIn(`${fileOf(fresh.url)}.key`);

    const { code } = await runCli('rotate-key', env(fresh.url));

    expect(code).toBe(0);
    expect((await keyIn(`${fileOf(fresh.url)}.key`)).equals(old)).toBe(false);
  });

  test('a new key of the command line has no place there', async () => {
    await using furnished = await openFurnished();

    expect((await runCli('rotate-key --new-key-file x', env(furnished.url))).code).toBe(2);
    expect((await keyIn(`${furnished.file}.key`)).equals(furnished.old)).toBe(true);
  });

  // Where a kill may fall: while the next key is written, before COMMIT, and between COMMIT and the change of names.
  describe.each(['a start', 'another rotation'])('interrupted, %s ends it:', (what) => {
    const ends = async (furnished: Furnished) =>
      what === 'a start'
        ? starts(furnished)
        : expect((await runCli('rotate-key', env(furnished.url))).code).toBe(0);

    test.each(['', 'AAAA'])('a key that was written by half (%j) is dropped', async (half) => {
      await using furnished = await openFurnished();
      const { url, file, old, secrets } = furnished;
      await writeFile(`${file}.key.next`, half);

      await ends(furnished);

      const key = await keyIn(`${file}.key`);
      if (what === 'a start') expect(key).toEqual(old);
      expect(await isThere(`${file}.key.next`)).toBe(false);
      expect(await secretsOf(url, key)).toEqual({ token: TOKEN, hook: secrets });
    });

    test('before COMMIT the next key is dropped', async () => {
      await using furnished = await openFurnished();
      const { url, file, old, secrets } = furnished;
      await isInterrupted(furnished, false);

      await ends(furnished);

      const key = await keyIn(`${file}.key`);
      if (what === 'a start') expect(key).toEqual(old);
      expect(await isThere(`${file}.key.next`)).toBe(false);
      expect(await secretsOf(url, key)).toEqual({ token: TOKEN, hook: secrets });
    });

    test('after COMMIT the next key is taken', async () => {
      await using furnished = await openFurnished();
      const { url, file, old, secrets } = furnished;
      const next = await isInterrupted(furnished, true);

      await ends(furnished);

      const key = await keyIn(`${file}.key`);
      if (what === 'a start') expect(key).toEqual(next);
      expect(await isThere(`${file}.key.next`)).toBe(false);
      expect(await secretsOf(url, key)).toEqual({ token: TOKEN, hook: secrets });
      await expect(secretsOf(url, old)).rejects.toThrow('is sealed with another key');
    });

    test('where both keys are in use, nothing is done, and it is said what to do', async () => {
      await using furnished = await openFurnished();
      const { url, file, old } = furnished;
      const next = await isInterrupted(furnished, false);
      {
        await using desk = await keyed(url, next);
        await createSource(desk, admin, SourceCreate.parse({ name: 'X', code: 'x', kind: 'webhook' }));
      }

      const ended = what === 'a start' ? starts(furnished).catch((error: Error) => error.message) : null;
      const message = (await ended) ?? (await runCli('rotate-key', env(url))).hinted;

      expect(message).toMatch(/Keep a copy of both/);
      expect(await keyIn(`${file}.key`)).toEqual(old);
      expect(await keyIn(`${file}.key.next`)).toEqual(next);
    });
  });

  test('meanwhile no other command opens the database with a key that may not count any more', async () => {
    await using furnished = await openFurnished();
    await isInterrupted(furnished, true);

    const { code, hinted } = await runCli('status', env(furnished.url));

    expect([code, hinted]).toEqual([1, expect.stringContaining('rotate-key')]);
  });

  test('a rotation that is killed for real, with its transaction still ahead, has changed nothing', async () => {
    await using furnished = await openFurnished();
    const { url, file, old, secrets } = furnished;
    const holder = new Database(file);
    holder.exec('begin immediate');
    const { PATH = '' } = process.env;
    const child = spawn(process.execPath, ['src/cli/main.ts', 'rotate-key'], {
      cwd: root,
      env: { PATH, DATABASE_URL: url },
      stdio: 'ignore',
    });
    await expect.poll(() => isThere(`${file}.key.next`), { timeout: 10_000 }).toBe(true);

    child.kill('SIGKILL');
    await once(child, 'exit');
    holder.close();
    await starts(furnished);

    expect(await isThere(`${file}.key.next`)).toBe(false);
    expect(await keyIn(`${file}.key`)).toEqual(old);
    expect(await secretsOf(url, old)).toEqual({ token: TOKEN, hook: secrets });
  });
});

test('a bot in webhook mode tells Telegram its new secret at the next start', async () => {
  await using api = await startBotApi();
  api.addBot({ token: TOKEN, username: 'shop_bot' });
  await using database = await freshDatabase('sqlite');
  const settings = {
    databaseUrl: database.url,
    telegramApiRoot: api.url,
    publicUrl: 'http://127.0.0.1:9',
  };
  const toldAt = async (secretKey: Buffer) => {
    await using app = await startTestApp('sqlite', { ...settings, secretKey });
    const { desk } = app.app;
    if ((await findChannel(desk, { code: 'bot' })) === null) {
      const telegram = { token: TOKEN, mode: 'webhook' };
      const bot = SourceCreate.parse({ name: 'Bot', code: 'bot', kind: 'telegram', telegram });
      await createSource(desk, admin, bot);
    }
    const secret = telegramWebhookSecret(desk, TOKEN);
    await api.waitForCall(
      ({ method, params }) => method === 'setWebhook' && params['secret_token'] === secret,
    );
    return secret;
  };
  const before = await toldAt(Buffer.from(SECRET_KEY, 'base64'));

  const { printed } = await runCli('rotate-key', { DATABASE_URL: database.url });
  const after = await toldAt(Buffer.from(printed, 'base64'));

  expect(after).not.toBe(before);
});

import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ConfigFault, type Environment, newSecretKey, readConfig, secretKeyOf } from '../src/config.ts';

const key = Buffer.alloc(32, 1).toString('base64');

function noFile(path: string): string {
  throw new Error(`ENOENT: ${path}`);
}

function faultsOf(env: Environment): readonly string[] {
  try {
    readConfig(env, noFile);
  } catch (error) {
    if (error instanceof ConfigFault) return error.faults;
    throw error;
  }
  return [];
}

describe('the environment', () => {
  test('may be empty: the gateway then listens on loopback with SQLite', () => {
    const config = readConfig({}, noFile);

    expect(config).toEqual({
      host: '127.0.0.1',
      port: 8000,
      databaseUrl: 'sqlite:./data/leadgate.db',
      publicUrl: null,
      adminToken: null,
      secretKey: null,
      telegramApiRoot: 'https://api.telegram.org',
      logLevel: 'info',
      metricsToken: null,
      trustedProxies: [],
      callbackAllow: [],
      routingSeed: null,
    });
  });

  test('is read in full', () => {
    const config = readConfig(
      {
        HOST: '0.0.0.0',
        PORT: '80',
        DATABASE_URL: 'postgresql://me:secret@db:5432/leads',
        PUBLIC_URL: 'https://gate.example.com/',
        ADMIN_TOKEN: 'a'.repeat(32),
        SECRET_KEY: key,
        TELEGRAM_API_ROOT: 'http://127.0.0.1:8081',
        LOG_LEVEL: 'debug',
        METRICS_TOKEN: 'scrape',
        TRUSTED_PROXIES: '10.0.0.0/8, ::1',
        CALLBACK_ALLOW: '192.168.0.0/16',
        ROUTING_SEED: 'a seed',
      },
      noFile,
    );

    expect(config).toEqual({
      host: '0.0.0.0',
      port: 80,
      databaseUrl: 'postgresql://me:secret@db:5432/leads',
      publicUrl: 'https://gate.example.com',
      adminToken: 'a'.repeat(32),
      secretKey: Buffer.alloc(32, 1),
      telegramApiRoot: 'http://127.0.0.1:8081',
      logLevel: 'debug',
      metricsToken: 'scrape',
      trustedProxies: ['10.0.0.0/8', '::1'],
      callbackAllow: ['192.168.0.0/16'],
      routingSeed: 'a seed',
    });
  });

  test('may name files instead of values, whose last line break does not count', () => {
    const files: Record<string, string> = { '/run/secrets/admin': `${'b'.repeat(40)}\n` };

    const config = readConfig({ ADMIN_TOKEN_FILE: '/run/secrets/admin' }, (path) => files[path]!);

    expect(config.adminToken).toBe('b'.repeat(40));
  });

  test('counts an empty variable as not set', () => {
    const config = readConfig({ ADMIN_TOKEN: '', PORT: '', PUBLIC_URL_FILE: '' }, noFile);

    expect(config).toMatchObject({ adminToken: null, port: 8000, publicUrl: null });
  });

  test('tells every fault at once', () => {
    const faults = faultsOf({
      PORT: '70000',
      DATABASE_URL: 'postgresql://db/leads',
      ADMIN_TOKEN: 'short',
      LOG_LEVEL: 'loud',
      CALLBACK_ALLOW: '10.0.0.0/8,nonsense',
      SECRET_KEY_FILE: '/nowhere',
      METRICS_TOKEN: 'a',
      METRICS_TOKEN_FILE: 'b',
    });

    const told = [
      'METRICS_TOKEN and',
      'SECRET_KEY_FILE cannot',
      'PORT must',
      'ADMIN_TOKEN must',
      'LOG_LEVEL',
      'CALLBACK_ALLOW nonsense',
      'SECRET_KEY is required',
    ];
    for (const start of told) expect(faults).toContainEqual(expect.stringMatching(new RegExp(`^${start}`)));
    expect(faults).toHaveLength(told.length);
  });

  test.each([
    ['DATABASE_URL', 'mysql://db/leads'],
    ['DATABASE_URL', 'sqlite:'],
    ['DATABASE_URL', 'sqlite::memory:'],
    ['PUBLIC_URL', 'gate.example.com'],
    ['PUBLIC_URL', 'http://gate.example.com'],
    ['PUBLIC_URL', 'https://gate.example.com/leads'],
    ['TELEGRAM_API_ROOT', 'ftp://files'],
    ['SECRET_KEY', 'dG9vIHNob3J0'],
    ['PORT', '-1'],
    ['TRUSTED_PROXIES', '10.0.0.0/99'],
  ])('is refused with %s=%s', (name, value) => {
    const faults = faultsOf({ [name]: value });

    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(new RegExp(`^${name} `));
  });

  test.each(['http://localhost:8000', 'http://127.0.0.1', 'http://192.168.1.5:8000', 'http://[::1]:8000'])(
    'may name the plain address %s: it does not leave the house',
    (address) => {
      expect(readConfig({ PUBLIC_URL: address }, noFile).publicUrl).toBe(address);
    },
  );
});

describe('the secret key', () => {
  test('is made once beside the SQLite file, for the owner alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'leadgate-'));
    await using _ = { [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
    const file = join(folder, 'data', 'leadgate.db');

    const [first, second] = [
      await secretKeyOf({ secretKey: null }, file),
      await secretKeyOf({ secretKey: null }, file),
    ];

    expect(first).toHaveLength(32);
    expect(second).toEqual(first);
    expect((await stat(`${file}.key`)).mode & 0o777).toBe(0o600);
    expect((await readFile(`${file}.key`, 'utf8')).trim()).toBe(first.toString('base64'));
  });

  test('of the environment is used as it is', async () => {
    const given = Buffer.from(newSecretKey(), 'base64');

    expect(await secretKeyOf({ secretKey: given }, '/nowhere/leadgate.db')).toBe(given);
  });
});

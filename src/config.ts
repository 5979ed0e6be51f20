import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import ipaddr from 'ipaddr.js';
import { z } from 'zod';

/** What the environment says, checked. `null` is "not set" where that means something. */
export type Config = {
  host: string;
  port: number;
  databaseUrl: string;
  publicUrl: string | null;
  adminToken: string | null;
  /** null: the key lies beside the SQLite file, see `secretKeyOf`. */
  secretKey: Buffer | null;
  telegramApiRoot: string;
  logLevel: z.infer<typeof LogLevel>;
  metricsToken: string | null;
  trustedProxies: string[];
  callbackAllow: string[];
  /** null: a random one, so that draws cannot be foretold. */
  routingSeed: string | null;
};

/** Everything that is wrong with the environment, a line for each fault. */
export class ConfigFault extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.faults = faults;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

const LogLevel = z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']);

const DatabaseUrl = z.string().refine((url) => {
  if (url.startsWith('sqlite:')) return /^sqlite:(?!:memory:)./.test(url);
  return /^postgres(ql)?:\/\/[^/]/.test(url) && URL.canParse(url);
}, 'must be sqlite:<file> or postgresql://user:password@host:port/name');

const WebAddress = z
  .string()
  .refine(
    (url) => /^https?:$/.test(urlOf(url)?.protocol ?? ''),
    'must be an address with http:// or https://',
  );

const PublicUrl = WebAddress.refine((text) => {
  const url = urlOf(text);
  return (
    url === null || (url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '')
  );
}, 'must be the bare address, without a path')
  .refine(
    (text) => urlOf(text)?.protocol !== 'http:' || isHome(urlOf(text)!.hostname),
    'may be http only for loopback and private addresses; use https',
  )
  .transform((text) => new URL(text).origin);

const SecretKey = z
  .string()
  .refine((text) => keyIn(text) !== null, 'must be 32 bytes in base64; `npm run leadgate -- key` makes one')
  .transform((text) => keyIn(text)!);

const Ranges = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter((entry) => entry !== ''))
  .pipe(
    z.array(
      z
        .string()
        .refine((entry) => (entry.includes('/') ? ipaddr.isValidCIDR(entry) : ipaddr.isValid(entry)), {
          error: ({ input }) => `${String(input)} is neither an address nor a range such as 10.0.0.0/8`,
        }),
    ),
  );

const Variables = z.object({
  HOST: z.string().default('127.0.0.1'),
  PORT: z
    .string()
    .regex(/^\d{1,5}$/, 'must be a port, 0 to 65535')
    .transform(Number)
    .pipe(z.number().max(65_535, 'must be a port, 0 to 65535'))
    .default(8000),
  DATABASE_URL: DatabaseUrl.default('sqlite:./data/leadgate.db'),
  PUBLIC_URL: PublicUrl.optional(),
  ADMIN_TOKEN: z
    .string()
    .min(32, 'must be at least 32 characters')
    .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces')
    .optional(),
  SECRET_KEY: SecretKey.optional(),
  TELEGRAM_API_ROOT: WebAddress.default('https://api.telegram.org'),
  LOG_LEVEL: LogLevel.default('info'),
  METRICS_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]*$/, 'must be printable ASCII without spaces')
    .optional(),
  TRUSTED_PROXIES: Ranges.default([]),
  CALLBACK_ALLOW: Ranges.default([]),
  ROUTING_SEED: z.string().optional(),
});

const names = Object.keys(Variables.shape);

/** Reads the environment once; `readText` reads the file that a `NAME_FILE` names. Throws ConfigFault with every fault. */
export function readConfig(env: Environment, readText: (path: string) => string): Config {
  const { given, faults } = gather(env, readText);
  const parsed = Variables.safeParse(given);
  for (const issue of parsed.error?.issues ?? []) faults.push(`${String(issue.path[0])} ${issue.message}`);
  if (given['DATABASE_URL']?.startsWith('postgres') === true && given['SECRET_KEY'] === undefined)
    faults.push('SECRET_KEY is required with PostgreSQL; `npm run leadgate -- key` makes one');
  if (!parsed.success || faults.length > 0) throw new ConfigFault(faults);

  const found = parsed.data;
  return {
    host: found.HOST,
    port: found.PORT,
    databaseUrl: found.DATABASE_URL,
    publicUrl: found.PUBLIC_URL ?? null,
    adminToken: found.ADMIN_TOKEN ?? null,
    secretKey: found.SECRET_KEY ?? null,
    telegramApiRoot: found.TELEGRAM_API_ROOT,
    logLevel: found.LOG_LEVEL,
    metricsToken: found.METRICS_TOKEN ?? null,
    trustedProxies: found.TRUSTED_PROXIES,
    callbackAllow: found.CALLBACK_ALLOW,
    routingSeed: found.ROUTING_SEED ?? null,
  };
}

/**
 * The key that seals secrets at rest: the one of the environment, else the one in `<database file>.key`, which is
 * made when it is not there yet.
 */
export async function secretKeyOf(config: Pick<Config, 'secretKey'>, sqliteFile: string): Promise<Buffer> {
  if (config.secretKey !== null) return config.secretKey;
  const file = `${sqliteFile}.key`;
  await mkdir(dirname(file), { recursive: true });
  try {
    // `flush`: a key that a power cut takes away takes every sealed secret with it.
    await writeFile(file, `${newSecretKey()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const key = keyIn((await readFile(file, 'utf8')).trim());
  if (key === null) throw new ConfigFault([`${file} does not hold 32 bytes in base64`]);
  return key;
}

/** Of a SQLite file: the key that is in force, and the one that is to take its place. */
export type BothKeys = { present: Buffer; next: Buffer };

/** Which of both the database is sealed with; `both`: one part with this, another with that. */
export type InForce = 'present' | 'next' | 'both';

/** The key of a rotation that is under way, or was interrupted, stands there until it is in force. */
function nextKeyFile(sqliteFile: string): string {
  return `${sqliteFile}.key.next`;
}

/** Whether the key beside a SQLite file is being rotated, or was when something ended that. */
export function isRotating(sqliteFile: string): boolean {
  return existsSync(nextKeyFile(sqliteFile));
}

/** Makes the key that is to be the next one; whatever happens from now on, it is on disk. */
export async function layNextKey(sqliteFile: string): Promise<Buffer> {
  const file = nextKeyFile(sqliteFile);
  const text = newSecretKey();
  await writeFile(file, `${text}\n`, { mode: 0o600, flag: 'wx', flush: true });
  await flushFolder(file);
  return keyIn(text)!;
}

/**
 * Ends the rotation of the key beside a SQLite file, wherever it stands: the next key takes the place of the present
 * one when the database is sealed with it, and is dropped when it is not. Throws ConfigFault when the database is
 * sealed with both. Nobody else may use the file meanwhile.
 */
export async function endRotation(
  sqliteFile: string,
  inForce: (keys: BothKeys) => Promise<InForce>,
): Promise<'none' | 'undone' | 'done'> {
  if (!isRotating(sqliteFile)) return 'none';
  const file = nextKeyFile(sqliteFile);
  const next = keyIn((await readFile(file, 'utf8')).trim());
  // What was written by half has sealed nothing.
  const found =
    next === null
      ? 'present'
      : await inForce({ present: await secretKeyOf({ secretKey: null }, sqliteFile), next });
  switch (found) {
    case 'present':
      await rm(file);
      return 'undone';
    case 'next':
      await rename(file, `${sqliteFile}.key`);
      await flushFolder(file);
      return 'done';
    case 'both':
      throw new ConfigFault([
        `Some secrets in ${sqliteFile} are sealed with ${sqliteFile}.key, others with ${file}, which an interrupted rotation has left.`,
        `Keep a copy of both, put the one that more sources need into ${sqliteFile}.key, remove ${file}, and give the other sources a new token or secret.`,
      ]);
  }
}

/** A name in a folder outlives a power cut once the folder itself is on disk; some systems do that by themselves. */
async function flushFolder(file: string): Promise<void> {
  try {
    await using folder = await open(dirname(file), 'r');
    await folder.sync();
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

/** A fresh SECRET_KEY. */
export function newSecretKey(): string {
  return randomBytes(32).toString('base64');
}

// An empty variable counts as not set: that is how compose files and `.env` templates leave one out.
function gather(env: Environment, readText: (path: string) => string) {
  const given: Record<string, string> = {};
  const faults: string[] = [];
  for (const name of names) {
    const [value, file] = [env[name], env[`${name}_FILE`]];
    if (value && file) faults.push(`${name} and ${name}_FILE are both set; keep one`);
    else if (value) given[name] = value;
    else if (file) {
      try {
        given[name] = readText(file).trim();
      } catch (error) {
        faults.push(`${name}_FILE cannot be read: ${error instanceof Error ? error.message : file}`);
      }
    }
  }
  return { given, faults };
}

/** The key that a text holds: 32 bytes in base64; null when it holds none. */
export function keyIn(text: string): Buffer | null {
  if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return null;
  return Buffer.from(text, 'base64');
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}

function isHome(hostname: string): boolean {
  if (/^(.*\.)?localhost$/.test(hostname)) return true;
  const address = hostname.replace(/^\[(.*)\]$/, '$1');
  if (!ipaddr.isValid(address)) return false;
  return ['loopback', 'private', 'uniqueLocal', 'linkLocal'].includes(ipaddr.process(address).range());
}

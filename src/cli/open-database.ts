import { sqliteFile } from '../../mikro-orm.config.ts';
import { type Config, type Environment, isRotating, readConfig, secretKeyOf } from '../config.ts';
import type { Desk } from '../desk/desk.ts';
import { openDesk } from '../desk/open-desk.ts';
import { openLog } from '../log.ts';

/** What a command sees of the world. */
export type Terminal = {
  env: Environment;
  readText: (path: string) => string;
  /** All that comes in, to its end. */
  readInput: () => string;
  print: (line: string) => void;
  /** For people: goes where it does not mix with what a script reads. */
  hint: (line: string) => void;
};

/**
 * Opens the gateway's database for one command; a gateway may run on it meanwhile. Throws while the key beside a
 * SQLite file is being rotated.
 */
export async function openDatabase({ env, readText }: Terminal): Promise<Desk & AsyncDisposable> {
  const config = readConfig(env, readText);
  if (config.secretKey === null && isRotating(sqliteFile(config.databaseUrl)))
    throw new Error('The key is being rotated, or that was interrupted: `rotate-key`, or a start, ends it.');
  return openWithKey(config);
}

/** The same, whatever becomes of the key. */
export async function openWithKey(config: Config): Promise<Desk & AsyncDisposable> {
  return openDesk({
    databaseUrl: config.databaseUrl,
    secretKey: await secretKeyOf(config, sqliteFile(config.databaseUrl)),
    routingSeed: config.routingSeed ?? '',
    log: openLog('silent'),
  });
}

import { sqliteFile } from '../../mikro-orm.config.ts';
import { type Environment, readConfig, secretKeyOf } from '../config.ts';
import type { Desk } from '../desk/desk.ts';
import { openDesk } from '../desk/open-desk.ts';
import { openLog } from '../log.ts';

/** What a command sees of the world. */
export type Terminal = {
  env: Environment;
  readText: (path: string) => string;
  print: (line: string) => void;
  /** For people: goes where it does not mix with what a script reads. */
  hint: (line: string) => void;
};

/** Opens the gateway's database for one command; a gateway may run on it meanwhile. */
export async function openDatabase({ env, readText }: Terminal): Promise<Desk & AsyncDisposable> {
  const config = readConfig(env, readText);
  return openDesk({
    databaseUrl: config.databaseUrl,
    secretKey: await secretKeyOf(config, sqliteFile(config.databaseUrl)),
    routingSeed: config.routingSeed ?? '',
    log: openLog('silent'),
  });
}

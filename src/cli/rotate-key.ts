import { parseArgs } from 'node:util';
import { sqliteFile } from '../../mikro-orm.config.ts';
import { type Config, endRotation, keyIn, layNextKey, newSecretKey, readConfig } from '../config.ts';
import { COMMAND_LINE } from '../desk/actor.ts';
import type { Desk } from '../desk/desk.ts';
import { holdDatabase } from '../desk/hold-database.ts';
import { keyInForce } from '../desk/key-in-force.ts';
import { forgetOldRows, rotateKey } from '../desk/rotate-key.ts';
import { livingGateways } from '../desk/status.ts';
import { openDatabase, openWithKey, type Terminal } from './open-database.ts';
import { understand, UsageFault } from './usage.ts';

/**
 * `rotate-key`: seals every secret with a new key. The key beside a SQLite file is replaced by itself; one that is
 * kept elsewhere is read from a file, or made and printed. Throws while a gateway runs.
 */
export async function rotateSecretKey(args: string[], terminal: Terminal): Promise<void> {
  const newKeyFile = readWords(args);
  const config = readConfig(terminal.env, terminal.readText);
  using _ = await holdDatabase(config.databaseUrl);
  if (config.secretKey !== null) await rotateOwn(terminal, newKeyFile);
  else if (newKeyFile === null) await rotateBeside(config, terminal);
  else
    throw new UsageFault(
      'The key lies beside the database and is made anew there: leave out --new-key-file.',
    );
}

function readWords(args: string[]): string | null {
  return understand(() => {
    return (
      parseArgs({ args, options: { 'new-key-file': { type: 'string' } } }).values['new-key-file'] ?? null
    );
  });
}

async function rotateBeside(config: Config, terminal: Terminal): Promise<void> {
  const { databaseUrl } = config;
  const file = sqliteFile(databaseUrl);
  const end = () => endRotation(file, (keys) => keyInForce(databaseUrl, keys));
  await end();
  await using desk = await openWithKey(config);
  const next = await layNextKey(file);
  try {
    const count = await rotateKey(desk, COMMAND_LINE, next);
    terminal.print(`The secrets of ${sourcesShown(count)} are sealed with a new key: ${file}.key.`);
  } finally {
    // Whatever was thrown: the database knows whether it is sealed with the new key.
    await end();
  }
  await finish(desk, terminal);
}

/** With a key that this machine does not keep: nobody but the caller knows it, so it is told before it is needed. */
async function rotateOwn(terminal: Terminal, newKeyFile: string | null): Promise<void> {
  await using desk = await openDatabase(terminal);
  await refuseGateways(desk);
  const text = newKeyFile === null ? newSecretKey() : terminal.readText(newKeyFile).trim();
  const key = keyIn(text);
  if (key === null)
    throw new Error(
      `${newKeyFile} does not hold 32 bytes in base64; \`npm run leadgate -- key\` makes them.`,
    );
  if (newKeyFile === null) terminal.print(text);
  const count = await rotateKey(desk, COMMAND_LINE, key);
  terminal.hint(
    `The secrets of ${sourcesShown(count)} are sealed with the new key. Put it into SECRET_KEY before a gateway starts.`,
  );
  await finish(desk, terminal);
}

async function refuseGateways(desk: Desk): Promise<void> {
  if (desk.store.dialect === 'sqlite') return;
  const alive = await livingGateways(desk);
  if (alive.length > 0)
    throw new Error(
      `Gateways run on this database: ${alive.join(', ')}. Stop them first; one that was killed counts as running for 15 seconds.`,
    );
}

async function finish(desk: Desk, terminal: Terminal): Promise<void> {
  try {
    await forgetOldRows(desk);
  } catch (error) {
    terminal.hint(
      `What was sealed with the old key may still lie in unused parts of the database: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  terminal.hint('A backup that was made before is opened by the old key alone.');
}

function sourcesShown(count: number): string {
  return count === 1 ? '1 source' : `${count} sources`;
}

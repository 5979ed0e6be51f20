import { parseArgs } from 'node:util';
import { COMMAND_LINE } from '../desk/actor.ts';
import { configHistory, type ConfigVersionChange } from '../desk/config-history.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { understand } from './usage.ts';

/** `config-history`: a line for each version of the configuration, oldest first. */
export async function showConfigHistory(args: string[], terminal: Terminal): Promise<void> {
  understand(() => {
    parseArgs({ args, options: {} });
  });
  await using desk = await openDatabase(terminal);
  const versions = await configHistory(desk, COMMAND_LINE);
  for (const { version, at, actor, changes } of versions)
    terminal.print(`${version}  ${at.toISOString()}  ${actor}  ${changes.map(shown).join(', ')}`);
  if (versions.length === 0) terminal.print('No version of the configuration is kept yet.');
}

function shown({ kind, id, name }: ConfigVersionChange): string {
  return name === null ? `${kind} ${id} deleted` : `${kind} ${id} ${JSON.stringify(name)}`;
}

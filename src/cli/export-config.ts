import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { COMMAND_LINE } from '../desk/actor.ts';
import { exportConfiguration } from '../desk/export-config.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { understand } from './usage.ts';

/**
 * `export-config`: operators, sources and weights as YAML, into a file or for a pipe, as they are or as a version of
 * them was. No secret is in it.
 */
export async function exportConfig(args: string[], terminal: Terminal): Promise<void> {
  const { path, version: wanted } = readWords(args);
  await using desk = await openDatabase(terminal);
  const { version, file } = await exportConfiguration(desk, COMMAND_LINE, wanted);
  // Long texts stay on their line, so that a change of one is one line of a diff.
  const yaml = stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
  if (path === undefined) return terminal.print(yaml.trimEnd());
  await writeFile(path, yaml);
  terminal.print(
    `${path}: ${file.operators.length} operators, ${file.sources.length} sources; version ${version} of the configuration.`,
  );
}

function readWords(args: string[]): { path: string | undefined; version: number | null } {
  return understand(() => {
    const options = { version: { type: 'string' } } as const;
    const { values, positionals } = parseArgs({ args, allowPositionals: true, options });
    if (positionals.length > 1) throw new Error('export-config writes one file.');
    return { path: positionals[0], version: values.version === undefined ? null : numberOf(values.version) };
  });
}

function numberOf(version: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(version))
    throw new Error('--version takes the number of a version, like 12.');
  return Number(version);
}

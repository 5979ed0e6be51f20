import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { stringify } from 'yaml';
import { SYSTEM } from '../desk/actor.ts';
import { exportConfiguration } from '../desk/export-config.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { UsageFault } from './usage.ts';

/** `export-config`: operators, sources and weights as YAML, into a file or for a pipe. No secret is in it. */
export async function exportConfig(args: string[], terminal: Terminal): Promise<void> {
  const path = readWords(args);
  await using desk = await openDatabase(terminal);
  const { version, file } = await exportConfiguration(desk, SYSTEM);
  // Long texts stay on their line, so that a change of one is one line of a diff.
  const yaml = stringify(file, { lineWidth: 0, aliasDuplicateObjects: false });
  if (path === undefined) return terminal.print(yaml.trimEnd());
  await writeFile(path, yaml);
  terminal.print(
    `${path}: ${file.operators.length} operators, ${file.sources.length} sources; version ${version} of the configuration.`,
  );
}

function readWords(args: string[]): string | undefined {
  try {
    const { positionals } = parseArgs({ args, allowPositionals: true, options: {} });
    if (positionals.length > 1) throw new Error('export-config writes one file.');
    return positionals[0];
  } catch (error) {
    throw new UsageFault(error instanceof Error ? error.message : String(error));
  }
}

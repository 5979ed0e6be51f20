import { parseArgs } from 'node:util';
import { type Document, LineCounter, parseDocument } from 'yaml';
import { checkCallbackUrl } from '../outgoing/check-url.ts';
import { readConfig } from '../config.ts';
import { ConfigFile } from '../contract/config-file.ts';
import { COMMAND_LINE } from '../desk/actor.ts';
import { changeCount, type ConfigDiff, type Unnamed } from '../desk/config-diff.ts';
import { type ConfigImport, importConfiguration, previewImport } from '../desk/import-config.ts';
import { Problem } from '../problem.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { understand } from './usage.ts';

/** `import-config`: brings the configuration to what a file says; prints each change as a line. */
export async function importConfig(args: string[], terminal: Terminal): Promise<void> {
  const { path, isDryRun } = readWords(args);
  const { callbackAllow } = readConfig(terminal.env, terminal.readText);
  const file = parseConfig(terminal.readText(path), callbackAllow);
  await using desk = await openDatabase(terminal);
  const done = await (isDryRun ? previewImport : importConfiguration)(desk, COMMAND_LINE, file);
  for (const line of linesOf(done.diff)) terminal.print(line);
  terminal.print(summaryOf(done, isDryRun));
  for (const { code, secret } of done.secrets) terminal.print(`secret of source ${code}: ${secret}`);
  if (done.secrets.length > 0) terminal.hint('Keep it: it is shown this once.');
  if (desk.store.dialect === 'sqlite' && done.after > done.before)
    terminal.hint(
      'A gateway that runs on this SQLite file routes by it at once; its bots, webhooks and open consoles follow when it starts again.',
    );
}

function readWords(args: string[]): { path: string; isDryRun: boolean } {
  return understand(() => {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { 'dry-run': { type: 'boolean' } },
    });
    const [path, ...others] = positionals;
    if (path === undefined || others.length > 0) throw new Error('Say which file: import-config FILE');
    return { path, isDryRun: values['dry-run'] === true };
  });
}

/** Throws Problem('invalid') with everything that is wrong with the text; `allow` as in CALLBACK_ALLOW. */
function parseConfig(text: string, allow: readonly string[]): ConfigFile {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults = document.errors.map(({ pos, message }) => ({
    path: `line ${lines.linePos(pos[0]).line}`,
    message,
  }));
  if (faults.length > 0) throw new Problem('invalid', { errors: faults });
  const read = ConfigFile.safeParse(document.toJS());
  const issues = read.success ? addressFaults(read.data, allow) : read.error.issues;
  if (read.success && issues.length === 0) return read.data;
  const errors = issues.map(({ path, message }) => ({
    path:
      [...lineOf(document, lines, path), path.map(String).join('.')].filter(Boolean).join(', ') || 'line 1',
    message,
  }));
  throw new Problem('invalid', { errors });
}

type Issue = { path: PropertyKey[]; message: string };

/** What REST refuses as well: addresses that no request of a source may go to. */
function addressFaults({ sources }: ConfigFile, allow: readonly string[]): Issue[] {
  return sources.flatMap(({ webhook, telegram }, index) => {
    const given = [
      { path: ['sources', index, 'webhook', 'callback_url'], url: webhook?.callback_url },
      { path: ['sources', index, 'telegram', 'api_root'], url: telegram?.api_root },
    ];
    return given.flatMap(({ path, url }) => {
      const message = url == null ? null : checkCallbackUrl(url, allow);
      return message === null ? [] : [{ path, message }];
    });
  });
}

/** The line of the innermost part of the path that is there. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): string[] {
  for (let depth = path.length; depth > 0; depth--) {
    const node = document.getIn(path.slice(0, depth), true) as { range?: [number, ...number[]] } | undefined;
    if (node?.range) return [`line ${lines.linePos(node.range[0]).line}`];
  }
  return [];
}

function summaryOf({ diff, before, after }: ConfigImport, isDryRun: boolean): string {
  const count = changeCount(diff);
  if (count === 0) return `Nothing to change; the configuration is at version ${after}.`;
  const changes = count === 1 ? '1 change' : `${count} changes`;
  if (isDryRun) return `${changes} to be made; the configuration stays at version ${before}.`;
  return `${changes} made; the configuration went from version ${before} to ${after}.`;
}

function linesOf({ operators, sources, unnamed }: ConfigDiff): string[] {
  return [
    ...operators.flatMap(({ id, key, fields }) => entryLines(`operator ${keyShown(key)}`, id, fields)),
    ...sources.flatMap(({ id, entry: { code }, fields, weights }) => [
      ...entryLines(`source ${code}`, id, fields),
      ...weights.map(({ key, before, after }) =>
        before === null
          ? `+ weights ${code}: ${keyShown(key)} ${after}`
          : `~ weights ${code}: ${keyShown(key)} ${before} -> ${after}`,
      ),
    ]),
    ...unnamed.map((one) => `= ${unnamedShown(one)} is not in the file: left as it is`),
  ];
}

function entryLines(
  name: string,
  id: number | null,
  fields: ConfigDiff['operators'][number]['fields'],
): string[] {
  if (id === null) return [`+ ${name}`];
  return fields.map(({ path, before, after }) => `~ ${name} ${path}: ${shown(before)} -> ${shown(after)}`);
}

function unnamedShown(one: Unnamed): string {
  switch (one.kind) {
    case 'operator':
      return `operator ${keyShown(one.key)}`;
    case 'source':
      return `source ${one.code}`;
    case 'weight':
      return `weights ${one.code}: ${keyShown(one.key)} ${one.weight}`;
  }
}

function shown(value: string | number | boolean | null): string {
  if (value === null) return 'none';
  const isPlain = typeof value !== 'string' || (value !== 'none' && /^[\w.@:/+-]+$/.test(value));
  return isPlain ? String(value) : quoted(value);
}

function keyShown(key: string): string {
  return /^[\p{L}\p{N}_][\p{L}\p{N}_ .,@+'-]*$/u.test(key) ? key : quoted(key);
}

/** On one line, and nothing that a terminal would obey. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/\p{C}/gu, (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`);
}

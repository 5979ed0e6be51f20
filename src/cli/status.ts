import { parseArgs } from 'node:util';
import { readStatus, type Status } from '../desk/status.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { understand } from './usage.ts';

/** `status`: what the database holds, for people; with `--json` for machines. */
export async function showStatus(args: string[], terminal: Terminal): Promise<void> {
  const isJson = readWords(args);
  await using desk = await openDatabase(terminal);
  const status = await readStatus(desk);
  if (isJson) terminal.print(JSON.stringify(wireOf(status), null, 2));
  else for (const line of linesOf(status)) terminal.print(line);
}

function readWords(args: string[]): boolean {
  return understand(() => {
    return parseArgs({ args, options: { json: { type: 'boolean' } } }).values.json === true;
  });
}

function wireOf(status: Status): object {
  return {
    database: status.database,
    schema_version: status.schemaVersion,
    gateways: status.gateways,
    operators: status.operators,
    sources: status.sources,
    contacts: status.contacts,
    oldest_waiting_at: status.oldestWaitingAt?.toISOString() ?? null,
    deliveries: status.deliveries,
    dead_letters: status.deadLetters,
    by_source: status.bySource.map((source) => ({
      id: source.id,
      code: source.code,
      kind: source.kind,
      state: source.state,
      gateway: source.gateway,
      waiting: source.waiting,
      oldest_waiting_seconds: source.oldestSeconds,
      pending_updates: source.pendingUpdates,
      last_update_at: source.lastUpdateAt,
      last_error: source.lastError,
    })),
  };
}

function linesOf(status: Status): string[] {
  const { operators, sources, contacts, deliveries, oldestWaitingAt } = status;
  const oldest = oldestWaitingAt === null ? '' : `, the oldest since ${oldestWaitingAt.toISOString()}`;
  const figures = [
    ['database', `${status.database}, schema ${status.schemaVersion}`],
    ...(status.gateways === null ? [] : [['gateways', gatewayList(status.gateways)]]),
    ['operators', `${operators.active} active of ${operators.all}`],
    ['sources', `${sources.active} active of ${sources.all}`],
    ['contacts', `${contacts.assigned} assigned, ${contacts.waiting} waiting${oldest}`],
    [
      'deliveries',
      Object.entries(deliveries)
        .map(([state, count]) => `${count} ${state}`)
        .join(', '),
    ],
    ['dead letters', String(status.deadLetters)],
  ];
  return [...inColumns(figures), ...sourceLines(status.bySource)];
}

function gatewayList(gateways: string[]): string {
  return gateways.length === 0 ? 'none alive' : `${gateways.length} alive: ${gateways.join(', ')}`;
}

function sourceLines(sources: Status['bySource']): string[] {
  if (sources.length === 0) return [];
  const heads = ['source', 'kind', 'state', 'waiting', 'oldest', 'pending', 'gateway', 'last error'];
  const rows = sources.map((source) => [
    source.code,
    source.kind,
    source.state,
    String(source.waiting),
    source.waiting === 0 ? '-' : ageOf(source.oldestSeconds),
    String(source.pendingUpdates ?? '-'),
    source.gateway ?? '-',
    // One line each, whatever a foreign server said.
    // A server says what it likes; a terminal is to show it, not to obey.
    source.lastError?.replaceAll(/\s+/g, ' ').replaceAll(/\p{C}/gu, '?') ?? '-',
  ]);
  return ['', ...inColumns([heads, ...rows])];
}

function inColumns(rows: string[][]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

/** In the largest unit that has at least two of them: people compare, they do not calculate. */
function ageOf(seconds: number): string {
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
  ] as const;
  const unit = units.find(([, length]) => seconds >= 2 * length) ?? ['s', 1];
  return `${Math.floor(seconds / unit[1])} ${unit[0]}`;
}

import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem, type as systemType } from 'node:os';
import Database from 'better-sqlite3';

/** What the figures depend on, a line each: what it is, and which. */
export function describeMachine(postgresVersion: string | null): [string, string][] {
  return [
    ['Processor', `${cpus()[0]!.model.trim()}, ${availableParallelism()} cores`],
    ['Memory', `${(totalmem() / 2 ** 30).toFixed(0)} GB`],
    ['System', `${distribution()}${systemType()} ${release().split('-')[0]}`],
    ['Node', process.version],
    ['SQLite', sqliteVersion()],
    ...(postgresVersion === null ? [] : [['PostgreSQL', postgresVersion] as [string, string]]),
    ['Date', new Date().toISOString().slice(0, 10)],
  ];
}

function distribution(): string {
  try {
    const name = /^PRETTY_NAME="?([^"\n]+)/m.exec(readFileSync('/etc/os-release', 'utf8'));
    return name === null ? '' : `${name[1]}, `;
  } catch {
    // Only Linux has this file.
    return '';
  }
}

function sqliteVersion(): string {
  const db = new Database(':memory:');
  const version = db.prepare('select sqlite_version()').pluck().get() as string;
  db.close();
  return version;
}

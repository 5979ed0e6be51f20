import { pino } from 'pino';
import { type Journal, openJournal } from '../../../src/demo/bot-api/journal.ts';
import type { Log } from '../../../src/log.ts';

export type LogLine = { level: number; msg: string } & Record<string, unknown>;

/** A log whose lines can be awaited. */
export function openLogJournal(): { log: Log; lines: Journal<LogLine> } {
  const lines = openJournal<LogLine>();
  const log = pino({ level: 'info' }, { write: (line: string) => lines.add(JSON.parse(line) as LogLine) });
  return { log, lines };
}

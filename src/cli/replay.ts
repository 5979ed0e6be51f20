import { parseArgs } from 'node:util';
import { z } from 'zod';
import { COMMAND_LINE } from '../desk/actor.ts';
import { type Deviation, replayDecisions } from '../desk/replay-decisions.ts';
import { openDatabase, type Terminal } from './open-database.ts';
import { understand, UsageFault } from './usage.ts';

/** A day, which begins in UTC, or a moment with its zone. */
const Moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** `replay`: runs recorded decisions again and prints those that differ. Throws when one does. */
export async function replayAll(args: string[], terminal: Terminal): Promise<void> {
  const range = readRange(args);
  await using desk = await openDatabase(terminal);
  let differing = 0;
  const tell = ({ id, contactId, operatorId, replayed, faults }: Deviation) => {
    differing += 1;
    terminal.print(
      `decision ${id} of contact ${contactId}: went to ${operatorId ?? 'nobody'}, replayed ${replayed ?? 'nobody'}`,
    );
    for (const fault of faults) terminal.print(`  ${fault}`);
  };
  const count = await replayDecisions(desk, COMMAND_LINE, range, tell);
  const summary = `${count} decisions replayed, ${differing === 0 ? 'none differs' : `${differing} differ`}.`;
  if (differing > 0) throw new Error(summary);
  terminal.print(summary);
}

function readRange(args: string[]): { from: Date | null; to: Date | null } {
  const { from, to } = readWords(args);
  return { from: momentOf('from', from), to: momentOf('to', to) };
}

function readWords(args: string[]): { from?: string; to?: string } {
  return understand(() => {
    return parseArgs({ args, options: { from: { type: 'string' }, to: { type: 'string' } } }).values;
  });
}

function momentOf(name: string, text: string | undefined): Date | null {
  if (text === undefined) return null;
  if (Moment.safeParse(text).success) return new Date(text);
  throw new UsageFault(`--${name} must be a date or a moment, like 2026-01-31 or 2026-01-31T12:00:00Z.`);
}

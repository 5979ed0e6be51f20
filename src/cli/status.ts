import { readStatus } from '../desk/status.ts';
import { openDatabase, type Terminal } from './open-database.ts';

/** `status`: what the database holds. */
export async function showStatus(terminal: Terminal): Promise<void> {
  await using desk = await openDatabase(terminal);
  const { database, operators, sources, contacts, oldestWaitingAt, deliveries, deadLetters } =
    await readStatus(desk);
  const oldest = oldestWaitingAt === null ? '' : `, the oldest since ${oldestWaitingAt.toISOString()}`;
  terminal.print(`database      ${database}`);
  terminal.print(`operators     ${operators.active} active of ${operators.all}`);
  terminal.print(`sources       ${sources.active} active of ${sources.all}`);
  terminal.print(`contacts      ${contacts.assigned} assigned, ${contacts.waiting} waiting${oldest}`);
  terminal.print(
    `deliveries    ${deliveries.queued} queued, ${deliveries.sending} sending, ` +
      `${deliveries.failed} failed, ${deliveries.uncertain} uncertain`,
  );
  terminal.print(`dead letters  ${deadLetters}`);
}

import type { Source } from '../store/entities/source.ts';
import type { Tx } from '../store/write.ts';
import type { Desk } from './desk.ts';
import { presentSecret } from './source-secret.ts';

/**
 * Each bot counts its messages by itself: what another bot than the source's present one brings would look like
 * repetitions. The names of what the present one brought are marked as its own, when the new token is another bot's.
 */
export async function setBotAside(desk: Desk, tx: Tx, source: Source, newToken: string): Promise<void> {
  const before = botOf(presentSecret(desk, source) ?? 'unknown');
  if (before === botOf(newToken)) return;
  const mark = `${before}/`;
  for (const table of ['message', 'early_edit', 'dead_letter'])
    await tx.em.execute(
      `update ${table} set external_id = ? || external_id where source_id = ? and external_id is not null`,
      [mark, source.id],
    );
}

/** The number before the colon is the bot's id. */
function botOf(token: string): string {
  return token.split(':', 1)[0]!;
}

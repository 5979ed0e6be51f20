import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SqlEntityManager } from '@mikro-orm/sql';
import { HookMessage } from '../contract/hook.ts';
import type { DeadLetterId } from '../contract/ids.ts';
import { valueAt } from '../contract/pointer.ts';
import type { HookMapping } from '../contract/source.ts';
import { DeadLetter } from '../store/entities/dead-letter.ts';
import { Source } from '../store/entities/source.ts';
import type { LeadNames } from './lead-names.ts';

const AT_ONCE = 200;
const BEGIN = 0 as number as DeadLetterId;

/**
 * The dead letters behind `after` that a lead has sent, by id; between two looks others have their turn. A letter is the
 * only copy of what somebody said, so only where its source names the sender is looked for the lead's names.
 */
export async function* lettersOf(
  em: SqlEntityManager,
  names: LeadNames,
  after: DeadLetterId = BEGIN,
): AsyncGenerator<DeadLetter> {
  const all = await em.find(Source, {}, { fields: ['kind', 'mapping'], disableIdentityMap: true });
  const sources = new Map(all.map((source) => [source.id, source]));
  for (let last = after; ; await nextTurn()) {
    const letters = await em.find(
      DeadLetter,
      { id: { $gt: last } },
      { orderBy: { id: 'asc' }, limit: AT_ONCE, disableIdentityMap: true },
    );
    for (const letter of letters) {
      const source = sources.get(letter.sourceId);
      const isOfLead = source?.kind === 'telegram' ? isOfChat : isOfId;
      if (isOfLead(letter, names, source?.mapping ?? {})) yield letter;
    }
    if (letters.length < AT_ONCE) return;
    last = letters.at(-1)!.id;
  }
}

/** Where an update, and each thing that it brings, says whose it is. */
const PERSONS = ['/from/id', '/chat/id', '/user/id'];

function isOfChat(letter: DeadLetter, { externalIds, chats }: LeadNames): boolean {
  const { externalId, raw } = letter;
  // The id of a message of Telegram begins with its chat.
  if ([...chats].some((chat) => externalId?.startsWith(`${chat}:`))) return true;
  if (typeof raw === 'string') return hasWord(raw, chats);
  if (externalIds.has(leadOf(letter))) return true;
  return [raw, ...Object.values(raw ?? {})].some((part) =>
    PERSONS.some((place) => chats.has(String(valueAt(part, place)))),
  );
}

function isOfId(letter: DeadLetter, { externalIds }: LeadNames, mapping: HookMapping): boolean {
  const { raw } = letter;
  if (typeof raw === 'string') return hasWord(raw, externalIds);
  const id = HookMessage.shape.external_id.safeParse(valueAt(raw, mapping.external_id ?? '/external_id'));
  return (id.success && externalIds.has(id.data)) || externalIds.has(leadOf(letter));
}

/** Of a message that could not be committed, and said nothing that we did not read, the arrival itself is kept. */
function leadOf({ sourceId, raw }: DeadLetter): string {
  return valueAt(raw, '/sourceId') === sourceId ? String(valueAt(raw, '/lead/externalId')) : '';
}

/** Whether one of the names stands by itself in a text: `ann` does not in `anna`, `ann-2` or `ann@example.com`. */
function hasWord(text: string, names: ReadonlySet<string>): boolean {
  const word = String.raw`[\p{L}\p{N}_]`;
  const joint = '[-.:@+]';
  return [...names].some((name) =>
    new RegExp(`(?<!${word}|${word}${joint})${RegExp.escape(name)}(?!${word}|${joint}${word})`, 'u').test(
      text,
    ),
  );
}

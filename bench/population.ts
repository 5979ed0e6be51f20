import { OPERATORS, QUEUE_SOURCE, SOURCES } from './seed.ts';

/** What the two databases say differently. */
export type Words = {
  /** A common table expression `series(n)` with the numbers from one to the other, both included. */
  series(first: number, last: number): string;
  /** A point in time from milliseconds since 1970. */
  at(millis: string): string;
  json(text: string): string;
};

type Range = {
  first: number;
  last: number;
  /** One of how many contacts waits, on a source whose operator has gone. */
  waitingEvery: number;
  /** One of how many has been answered. */
  answeredEvery: number;
  /** One of how many still has its decision and its events: retention takes the others. */
  keptEvery: number;
};

const NEVER = 2 ** 31;

/** What intake writes for new leads: everything assigned, nobody has answered yet. */
export const fresh = { waitingEvery: NEVER, answeredEvery: NEVER, keptEvery: 1 };

/** What a desk holds that has run for a while. */
export const grown = { waitingEvery: 10, answeredEvery: 2, keptEvery: 10 };

const text = "'Hello, I would like to know the price of delivery to Kazan'";
const iso = '2026-01-01T00:00:00.000Z';

/**
 * The name of the n-th lead. They come in no order, as those of people do: n times an odd number, modulo 2^32, so that
 * no two are alike.
 */
export function externalIdOf(n: number): string {
  return `tg:${Math.imul(n, 2_654_435_761) >>> 0}`;
}

/** The statements that add contacts with all that belongs to them, one table after the other; loads come last. */
export function populate(words: Words, range: Range): string[] {
  const { first, last, waitingEvery, answeredEvery, keptEvery } = range;
  const from = words.series(first, last);
  const at = words.at(`${Date.now() - (last - first) * 100} + (n - ${first}) * 100`);
  const isWaiting = `n % ${waitingEvery} = 0`;
  const unlessWaiting = (value: string): string => `case when ${isWaiting} then null else ${value} end`;
  const operator = unlessWaiting(`1 + n % ${OPERATORS}`);
  const source = `case when ${isWaiting} then ${QUEUE_SOURCE} else 1 + n % ${SOURCES} end`;
  const status = `case when ${isWaiting} then 'waiting' else 'assigned' end`;
  const [none, nothing] = [words.json("'[]'"), words.json("'{}'")];
  const kept = `(n - ${first}) % ${keptEvery} = 0`;
  const events = {
    'contact.created': contactJson,
    'contact.assigned': contactJson,
    'message.created': messageJson,
  };
  return [
    `insert into lead (id, external_id, name, created_at, updated_at)
     ${from} select n, 'tg:' || (n * 2654435761 % 4294967296), 'Lead ' || n, ${at}, ${at} from series`,
    `insert into contact (id, lead_id, source_id, operator_id, status, text, by_message, chat, attempt, last_author,
       last_text, last_at, created_at, assigned_at, version)
     ${from} select n, n, ${source}, ${operator}, ${status}, ${text}, true, 'chat-' || n, 1, 'lead', ${text}, ${at},
       ${at}, ${unlessWaiting(at)}, 1 from series`,
    `insert into message (contact_id, source_id, author, text, attachments, external_id, created_at)
     ${from} select n, ${source}, 'lead', ${text}, ${none}, 'chat-' || n || ':1', ${at} from series`,
    `insert into message (contact_id, source_id, author, operator_id, text, attachments, status, external_id, client_id,
       sent_at, created_at)
     ${from} select n, ${source}, 'operator', ${operator}, 'It is 300 roubles, two days', ${none}, 'sent',
       'chat-' || n || ':2', 'client-' || n, ${at}, ${at} from series where n % ${answeredEvery} = 1 and not ${isWaiting}`,
    `insert into decision (contact_id, at, strategy, rule, trigger_kind, outcome, operator_id, refused, candidate_count,
       candidates, total_weight, draw, config_version)
     ${from} select n, ${at}, 'weighted_random', 'strategy', 'arrival', ${status}, ${operator}, ${nothing},
       ${OPERATORS}, ${words.json(`'${candidatesJson()}'`)}, ${3 * OPERATORS}, 7, 1 from series where ${kept}`,
    ...Object.entries(events).map(
      ([
        type,
        json,
      ]) => `insert into event (xid, at, type, source_id, contact_id, status_after, operator_after, actor, data)
       ${from} select 0, ${at}, '${type}', ${source}, n, ${status}, ${operator}, 'routing', ${words.json(json)}
       from series where ${kept}`,
    ),
    `update operator set load = load + (select count(*) from contact where operator_id = operator.id
       and status = 'assigned' and id between ${first} and ${last})`,
  ];
}

// The length of what the gateway writes; nobody reads it.
const contactJson = `'{"id":' || n || ',"lead_id":' || n || ',"source_id":1,"operator_id":1,"status":"assigned",
  "text":"Hello, I would like to know the price of delivery to Kazan","created_at":"${iso}","assigned_at":"${iso}",
  "closed_at":null,"close_reason":null,"version":1,"lead":{"id":' || n || ',"external_id":"tg:' || n || '","name":null},
  "source":{"id":1,"code":"source-1","name":"source-1"},"operator":{"id":1,"name":"Operator 1"},"last_message":
  {"author":"lead","text":"Hello, I would like to know the price of delivery to Kazan","at":"${iso}"}}'`;
const messageJson = `'{"id":' || n || ',"contact_id":' || n || ',"author":"lead","operator_id":null,"text":
  "Hello, I would like to know the price of delivery to Kazan","attachments":[],"status":null,"error":null,
  "client_id":null,"external_id":"' || n || '","reply_to":null,"sent_at":null,"edited_at":null,"created_at":"${iso}"}'`;

function candidatesJson(): string {
  return JSON.stringify(
    Array.from({ length: OPERATORS }, (_, n) => ({
      operator_id: n + 1,
      weight: 1 + ((n + 1) % 5),
      load: 100,
      max_load: 1_000,
      eligible: true,
      reason: null,
      weight_before: 3 * n,
    })),
  );
}

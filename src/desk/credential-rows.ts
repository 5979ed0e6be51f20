import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Role, TokenScope } from '../contract/access.ts';
import type { OperatorId, SessionId, TokenId } from '../contract/ids.ts';
import type { Credential } from './actor.ts';
import type { KnownCredential } from './credential-cache.ts';
import type { Desk } from './desk.ts';

/** A session ends when it was not used for so long. */
export const SESSION_IDLE_MS = 12 * 3_600_000;

type Found = { found: (known: KnownCredential | null) => void; failed: (error: unknown) => void };
const waiting = new WeakMap<Desk['store'], Map<string, Found[]>>();

/**
 * The token or session behind a hash, null when there is none, or its operator is not active. Whoever asks in the same
 * turn of the event loop is answered by one query: consoles are checked all at once.
 */
export function lookUpCredential(desk: Desk, hash: string): Promise<KnownCredential | null> {
  let asked = waiting.get(desk.store);
  if (asked === undefined) {
    waiting.set(desk.store, (asked = new Map()));
    void nextTurn().then(() => answerTogether(desk));
  }
  const askers = asked.get(hash) ?? [];
  asked.set(hash, askers);
  return new Promise((found, failed) => askers.push({ found, failed }));
}

async function answerTogether(desk: Desk): Promise<void> {
  const asked = waiting.get(desk.store)!;
  waiting.delete(desk.store);
  try {
    const found = await findCredentials(desk, [...asked.keys()]);
    for (const [hash, askers] of asked) for (const asker of askers) asker.found(found.get(hash) ?? null);
  } catch (error) {
    for (const askers of asked.values()) for (const asker of askers) asker.failed(error);
  }
}

type Moment = number | string;
type Row = {
  hash: string;
  kind: 'token' | 'session';
  id: number | string;
  role: Role;
  scope: TokenScope;
  operator_id: number | string | null;
  expires_at: Moment | null;
  last_used_at: Moment | null;
  rate_limit: number | null;
};

async function findCredentials(desk: Desk, hashes: string[]): Promise<Map<string, KnownCredential>> {
  const marks = hashes.map(() => '?').join(', ');
  const rows = await desk.store.em().execute<Row[]>(
    `select t.hash, 'token' as kind, t.id, coalesce(o.role, t.role) as role, t.scope, t.operator_id, t.expires_at,
            t.last_used_at, t.rate_limit
       from api_token t left join operator o on o.id = t.operator_id
      where t.hash in (${marks}) and (o.id is null or o.is_active)
      union all
     select s.hash, 'session', s.id, o.role, 'full', s.operator_id, s.expires_at, s.last_used_at, null
       from session s join operator o on o.id = s.operator_id
      where s.hash in (${marks}) and o.is_active`,
    [...hashes, ...hashes],
  );
  return new Map(rows.map((row) => [row.hash, knownBy(row)]));
}

function knownBy(row: Row): KnownCredential {
  const { kind, role, scope } = row;
  const id = Number(row.id);
  const credential: Credential =
    kind === 'token' ? { kind, id: id as TokenId } : { kind, id: id as SessionId };
  const operatorId = row.operator_id === null ? null : (Number(row.operator_id) as OperatorId);
  return {
    actor: { kind: 'caller', credential, role, scope, operatorId, address: null, rateLimit: row.rate_limit },
    expiresAt: timeOf(row.expires_at) ?? Infinity,
    idleMs: kind === 'session' ? SESSION_IDLE_MS : Infinity,
    lastUsedAt: timeOf(row.last_used_at) ?? 0,
  };
}

function timeOf(moment: Moment | null): number | null {
  return moment === null ? null : new Date(moment).getTime();
}

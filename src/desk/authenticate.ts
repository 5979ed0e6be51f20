import { createHash, timingSafeEqual } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Role, TokenScope } from '../contract/access.ts';
import type { OperatorId, TokenId } from '../contract/ids.ts';
import { ApiToken } from '../store/entities/api-token.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { type KnownToken, tokenCacheOf } from './token-cache.ts';

/** How long another gateway's change may go unnoticed; what this process changes counts at once. */
const FRESH_MS = 3_000;
const NOTE_USE_EVERY_MS = 60_000;
const MOST_KNOWN = 10_000;

/** Who acts with this secret; null when nobody does, or nobody any more. */
export type Authenticate = (secret: string) => Promise<Actor | null>;

/** The check of credentials. `adminToken` is the fixed token of the environment, null when there is none. */
export function openAuthenticator(desk: Desk, adminToken: string | null): Authenticate {
  const fixed = adminToken === null ? null : sha256(adminToken);
  return async (secret) => {
    const hash = sha256(secret);
    if (fixed !== null && timingSafeEqual(hash, fixed)) return ENVIRONMENT;
    return authenticate(desk, hash.toString('hex'));
  };
}

const ENVIRONMENT: Actor = {
  kind: 'token',
  tokenId: null,
  role: 'admin',
  scope: 'full',
  operatorId: null,
};

async function authenticate(desk: Desk, hash: string): Promise<Actor | null> {
  const now = desk.clock.now().getTime();
  const known = await rememberedToken(desk, hash, now);
  if (known === null || known.expiresAt <= now) return null;
  if (now - known.lastUsedAt >= NOTE_USE_EVERY_MS) await noteUse(desk, known, now);
  return known.actor;
}

async function rememberedToken(desk: Desk, hash: string, now: number): Promise<KnownToken | null> {
  const cache = tokenCacheOf(desk);
  const kept = cache.byHash.get(hash);
  if (kept !== undefined && now - kept.lookedUpAt < FRESH_MS) return kept;
  const { generation } = cache;
  const found = await lookUp(desk, hash);
  if (cache.generation !== generation) return found;
  if (cache.byHash.size >= MOST_KNOWN) cache.byHash.clear();
  if (found === null) cache.byHash.delete(hash);
  else cache.byHash.set(hash, found);
  return found;
}

type TokenRow = {
  hash: string;
  id: number | string;
  role: Role;
  scope: TokenScope;
  expires_at: number | string | null;
  last_used_at: number | string | null;
  operator_id: number | string | null;
};

type Found = (token: KnownToken | null) => void;
const waiting = new WeakMap<
  Desk['store'],
  Map<string, { found: Found; failed: (error: unknown) => void }[]>
>();

/** Whoever asks in the same turn of the event loop is answered by one query: consoles are checked all at once. */
function lookUp(desk: Desk, hash: string): Promise<KnownToken | null> {
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
    const found = await findTokens(desk, [...asked.keys()]);
    for (const [hash, askers] of asked) for (const asker of askers) asker.found(found.get(hash) ?? null);
  } catch (error) {
    for (const askers of asked.values()) for (const asker of askers) asker.failed(error);
  }
}

async function findTokens(desk: Desk, hashes: string[]): Promise<Map<string, KnownToken>> {
  const now = desk.clock.now().getTime();
  const rows = await desk.store.em().execute<TokenRow[]>(
    `select t.hash, t.id, coalesce(o.role, t.role) as role, t.scope, t.expires_at, t.last_used_at, t.operator_id
       from api_token t left join operator o on o.id = t.operator_id
      where t.hash in (${hashes.map(() => '?').join(', ')}) and (o.id is null or o.is_active)`,
    hashes,
  );
  return new Map(rows.map((row) => [row.hash, knownToken(row, now)]));
}

function knownToken(row: TokenRow, now: number): KnownToken {
  const tokenId = Number(row.id) as TokenId;
  const operatorId = row.operator_id === null ? null : (Number(row.operator_id) as OperatorId);
  return {
    tokenId,
    actor: { kind: 'token', tokenId, role: row.role, scope: row.scope, operatorId },
    expiresAt: row.expires_at === null ? Infinity : new Date(row.expires_at).getTime(),
    lastUsedAt: row.last_used_at === null ? 0 : new Date(row.last_used_at).getTime(),
    lookedUpAt: now,
  };
}

const used = new WeakMap<Desk['store'], { ids: Set<TokenId>; noted: Promise<void> }>();

/** At most once a minute for each token; a credential is good whether or not its use could be noted. */
function noteUse(desk: Desk, token: KnownToken, now: number): Promise<void> {
  token.lastUsedAt = now;
  let together = used.get(desk.store);
  if (together === undefined) {
    const ids = new Set<TokenId>();
    together = { ids, noted: nextTurn().then(() => writeUse(desk, ids, now)) };
    used.set(desk.store, together);
  }
  together.ids.add(token.tokenId);
  return together.noted;
}

/** One commit for everybody: a thousand in a row would keep every message waiting. */
async function writeUse(desk: Desk, ids: Set<TokenId>, now: number): Promise<void> {
  used.delete(desk.store);
  try {
    const lastUsedAt = new Date(now);
    await desk.store.write((tx) => tx.em.nativeUpdate(ApiToken, { id: { $in: [...ids] } }, { lastUsedAt }));
  } catch (error) {
    desk.log.warn({ err: error, tokens: ids.size }, 'the use of tokens could not be noted');
  }
}

/** Tokens are 256 random bits: a plain hash keeps them, no salt is needed. */
export function sha256(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

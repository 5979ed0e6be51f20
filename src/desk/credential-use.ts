import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApiToken } from '../store/entities/api-token.ts';
import { Session } from '../store/entities/session.ts';
import type { Credential } from './actor.ts';
import type { KnownCredential } from './credential-cache.ts';
import type { Desk } from './desk.ts';

const NOTE_EVERY_MS = 60_000;

type Noting = { used: Credential[]; noted: Promise<void> };
const noting = new WeakMap<Desk['store'], Noting>();

/** At most once a minute for each credential, which is good whether or not its use could be noted. */
export async function noteUse(desk: Desk, known: KnownCredential, now: number): Promise<void> {
  if (now - known.lastUsedAt < NOTE_EVERY_MS) return;
  known.lastUsedAt = now;
  let together = noting.get(desk.store);
  if (together === undefined) {
    const used: Credential[] = [];
    together = { used, noted: nextTurn().then(() => writeUse(desk, used, new Date(now))) };
    noting.set(desk.store, together);
  }
  together.used.push(known.actor.credential);
  await together.noted;
}

/** One commit for everybody: a thousand in a row would keep every message waiting. */
async function writeUse(desk: Desk, used: Credential[], lastUsedAt: Date): Promise<void> {
  noting.delete(desk.store);
  const tokens = used.flatMap((credential) => (credential.kind === 'token' ? [credential.id] : []));
  const sessions = used.flatMap((credential) => (credential.kind === 'session' ? [credential.id] : []));
  try {
    await desk.store.write(async (tx) => {
      if (tokens.length > 0) await tx.em.nativeUpdate(ApiToken, { id: { $in: tokens } }, { lastUsedAt });
      if (sessions.length > 0) await tx.em.nativeUpdate(Session, { id: { $in: sessions } }, { lastUsedAt });
    });
  } catch (error) {
    desk.log.warn({ err: error, credentials: used.length }, 'the use of credentials could not be noted');
  }
}

import { type Algorithm, hash, type Options, parseOptions, type Version, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { Problem } from '../problem.ts';

// What OWASP's Password Storage Cheat Sheet asks of Argon2id at the least; each takes 19 MiB while it runs.
const PARAMETERS = {
  // The library's enums are ambient: they hold no value at run time.
  algorithm: 2 satisfies Algorithm.Argon2id,
  version: 1 satisfies Version.V0x13,
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
  outputLen: 32,
} as const satisfies Options;

const AT_ONCE = 2;
const MOST_WAITING = 64;
const one = pLimit(AT_ONCE);

/**
 * The password as it is kept: Argon2id in its own notation, under a salt of its own. Throws
 * Problem('too-many-requests') while too many wait for theirs.
 */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(normal(password), PARAMETERS));
}

/**
 * Whether this is the password behind the hash. With no hash it is not, which takes as long to find out. Throws like
 * `hashPassword`.
 */
export async function isPassword(kept: string | null, password: string): Promise<boolean> {
  const isRight = await inTurn(() => verify(kept ?? NOBODYS, normal(password)));
  return isRight && kept !== null;
}

/** Whether a hash was made otherwise than hashes are made now. */
export function isOutdated(kept: string): boolean {
  const made = parseOptions(kept);
  return Object.entries(PARAMETERS).some(([name, value]) => made[name as keyof typeof PARAMETERS] !== value);
}

/** At most two at once in a process: more would take the memory and every thread of the pool. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (one.activeCount + one.pendingCount >= AT_ONCE + MOST_WAITING)
    throw new Problem('too-many-requests', { retryAfter: 2 });
  return one(work);
}

/**
 * The same characters may come as other code points from another keyboard; NIST SP 800-63B asks for one form, and
 * RFC 8265 (4.2) says which.
 */
function normal(password: string): string {
  return password.normalize('NFC');
}

// Made with the same parameters: whoever has no password takes as long as whoever has. Nobody knows of what it is.
const NOBODYS =
  '$argon2id$v=19$m=19456,t=2,p=1$WCqUWFwHmnvstzQtXNAPDQ$6gK+8asZL6kIRnkPNggvSVKCUVgSSuAVplAsw0LyY/E';

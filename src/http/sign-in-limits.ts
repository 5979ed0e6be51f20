import { RateLimiterMemory } from 'rate-limiter-flexible';
import { Problem } from '../problem.ts';
import { networkOf } from './network.ts';

const FREE_TRIES = 5;
const LONGEST_WAIT_S = 15 * 60;
const PAIR_SPAN_S = 3600;
const NETWORK_TRIES = 50;
const ACCOUNT_TRIES = 30;
// A failure takes 1.5 kB of memory while it counts, so all of them together take some 100 MB at the most.
const ALL_TRIES = 30_000;
const SPAN_S = 15 * 60;

/** Whose secret is tried, and from where. */
export type Attempt = {
  /** What is tried: `sign-in:ann@example.com`, `setup`. */
  account: string;
  address: string | null;
  /**
   * From which addresses the account was reached with success before; asked only where that decides. Left out where the
   * door is everybody's and nobody can guess the key: then no number of failures elsewhere shuts it.
   */
  knownAddresses?: () => Promise<readonly string[]>;
};

export type SignInLimits = {
  /**
   * Runs the work, which throws `bad-sign-in`, `bad-code` or what is wrong at `current_password` when the secret was
   * wrong. Throws Problem('too-many-requests') without running it when that happened too often.
   */
  attempt<T>(attempt: Attempt, work: () => Promise<T>): Promise<T>;
};

type Taken = [limiter: RateLimiterMemory, key: string][];

/**
 * Slows down who guesses. After 5 failures an address waits for an account 1 s, 2 s, 4 s … up to 15 minutes; an address
 * has 50 failures in 15 minutes for all accounts together; and an account has 30 from everywhere, all of them together
 * 30,000, after which they are open only to addresses where they were reached before. So nobody locks somebody out of
 * where that one has signed in already.
 * Each gateway counts by itself, in memory.
 */
export function openSignInLimits(): SignInLimits {
  const failures = new RateLimiterMemory({
    keyPrefix: 'failures',
    points: FREE_TRIES,
    duration: PAIR_SPAN_S,
  });
  const waits = new RateLimiterMemory({ keyPrefix: 'waits', points: 0, duration: LONGEST_WAIT_S });
  const networks = new RateLimiterMemory({ keyPrefix: 'networks', points: NETWORK_TRIES, duration: SPAN_S });
  const accounts = new RateLimiterMemory({ keyPrefix: 'accounts', points: ACCOUNT_TRIES, duration: SPAN_S });
  const everybody = new RateLimiterMemory({ keyPrefix: 'everybody', points: ALL_TRIES, duration: SPAN_S });

  /** Counted before the secret is looked at, or many at once would all pass. Answers what to give back. */
  async function begin(attempt: Attempt, network: string, pair: string): Promise<Taken> {
    const taken: Taken = [];
    try {
      taken.push(...(await takeOfAccount(attempt, network)));
      taken.push(await take(networks, network));
      taken.push(await takeTurn(pair));
      return taken;
    } catch (error) {
      await giveBack(taken);
      throw error;
    }
  }

  async function takeOfAccount({ account, knownAddresses }: Attempt, network: string): Promise<Taken> {
    if (knownAddresses === undefined) return [];
    const taken: Taken = [];
    try {
      taken.push(await take(accounts, account));
      taken.push(await take(everybody, 'everybody'));
      return taken;
    } catch (error) {
      await giveBack(taken);
      const known = await knownAddresses();
      if (known.some((address) => networkOf(address) === network)) return [];
      throw error;
    }
  }

  async function takeTurn(pair: string): Promise<Taken[number]> {
    const { consumedPoints } = await failures.penalty(pair);
    if (consumedPoints < FREE_TRIES) return [failures, pair];
    const customDuration = Math.min(2 ** (consumedPoints - FREE_TRIES), LONGEST_WAIT_S);
    // One step: of many who ask at once, one is the first.
    const turn = await waits.penalty(pair, 1, { customDuration });
    if (turn.consumedPoints === 1) return [failures, pair];
    await failures.reward(pair);
    throw tooMany(turn.msBeforeNext);
  }

  return {
    async attempt(attempt, work) {
      const network = networkOf(attempt.address);
      const pair = `${network} ${attempt.account}`;
      const waiting = await waits.get(pair);
      if (waiting !== null && waiting.msBeforeNext > 0) throw tooMany(waiting.msBeforeNext);
      const taken = await begin(attempt, network, pair);
      try {
        const result = await work();
        await giveBack(taken);
        await Promise.all([failures.delete(pair), waits.delete(pair)]);
        return result;
      } catch (error) {
        if (!isWrong(error)) {
          await giveBack(taken);
          await waits.delete(pair);
        }
        throw error;
      }
    },
  };
}

function isWrong(error: unknown): boolean {
  if (!(error instanceof Problem)) return false;
  if (error.code === 'bad-sign-in' || error.code === 'bad-code') return true;
  return error.details.errors?.some(({ path }) => path === 'current_password') ?? false;
}

async function take(limiter: RateLimiterMemory, key: string): Promise<Taken[number]> {
  const { consumedPoints, msBeforeNext } = await limiter.penalty(key);
  if (consumedPoints <= limiter.points) return [limiter, key];
  await limiter.reward(key);
  throw tooMany(msBeforeNext);
}

/** What was no failure leaves nothing behind: only failures take memory. */
async function giveBack(taken: Taken): Promise<void> {
  for (const [limiter, key] of taken)
    if ((await limiter.reward(key)).consumedPoints <= 0) await limiter.delete(key);
}

function tooMany(ms: number): Problem {
  return new Problem('too-many-requests', { retryAfter: Math.max(1, Math.ceil(ms / 1000)) });
}

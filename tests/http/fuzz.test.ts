import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Database } from '../support/desk.ts';
import { setStage, type Stage } from './support/examples.ts';
import { type Exchange, type Good, goodRequests, leakIn, openFuzzer } from './support/fuzzer.ts';
import { type Operation, operationsOf } from './support/operations.ts';

const { LONG, FUZZ_SEED } = process.env;
const seed = FUZZ_SEED === undefined ? (Math.random() * 2 ** 31) | 0 : Number(FUZZ_SEED);
const ACCEPTED = 20;
const MOST_GROWTH = 48 * 2 ** 20;

type Plan = { database: Database; requests: number; accepted: number };
const plans: Plan[] = [
  { database: 'sqlite', requests: LONG === '1' ? 20_000 : 2_000, accepted: ACCEPTED },
  { database: 'postgresql', requests: LONG === '1' ? 5_000 : 500, accepted: 0 },
];

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const MOST_ROUNDS = 40;

test.for(plans)(
  'no request brings the gateway down, or has it tell of its inside ($database)',
  { timeout: 1_200_000 },
  async ({ database, requests, accepted }) => {
    process.stdout.write(`${database}: FUZZ_SEED=${seed}\n`);
    await using stage = await setStage(database);
    using fuzzer = await openFuzzer(stage);
    const operations = await operationsOf(stage.app);
    const each = Math.ceil(requests / operations.length);
    const goodOnes = Math.max(accepted, Math.floor(each * 0.7));
    const heap: number[] = [];

    for (const operation of operations) {
      await tryGood(fuzzer, operation, goodOnes);
      // What is generated may be refused for good reasons: it is tried until enough were taken, or never will be.
      for (let again = 1; fuzzer.accepted(operation) < accepted && again <= MOST_ROUNDS; again++)
        await tryGood(fuzzer, operation, accepted - fuzzer.accepted(operation), again);
      if (fuzzer.sent() > requests / 3 && heap.length === 0) heap.push(heapUsed());
    }
    for (const operation of operations) await tryBroken(fuzzer, operation, Math.max(3, each - goodOnes));
    heap.push(heapUsed());

    const { sent, passed, few } = tallyOf(fuzzer, operations, accepted);
    process.stdout.write(`${database}: ${sent} requests, ${passed} of them 2xx, heap ${heap.join(' → ')}\n`);
    expect(few).toEqual([]);
    expect(sent).toBeGreaterThanOrEqual(requests);
    expect(passed / sent).toBeGreaterThanOrEqual(0.3);
    expect(heap[1]! - heap[0]!).toBeLessThan(MOST_GROWTH);
    await staysUp(stage);
  },
);

type Fuzzer = Awaited<ReturnType<typeof openFuzzer>>;

function tryGood(fuzzer: Fuzzer, operation: Operation, numRuns: number, again = 0): Promise<void> {
  const property = fc.asyncProperty(goodRequests(fuzzer.ground, operation), async (good: Good) => {
    expectAnswer(await fuzzer.sendGood(operation, good));
  });
  return fc.assert(property, { numRuns, seed: seedOf(operation, again) });
}

function tryBroken(fuzzer: Fuzzer, operation: Operation, numRuns: number): Promise<void> {
  const property = fc.asyncProperty(fuzzer.brokenRequests(operation), async ({ good, spoil }) => {
    expectAnswer(await fuzzer.sendBroken(operation, good, spoil));
  });
  return fc.assert(property, { numRuns, seed: seedOf(operation, -1) });
}

/** Alike in every run with the same seed, and unlike that of any other operation. */
function seedOf({ id }: Operation, round: number): number {
  return Buffer.from(id).reduce((sum, byte) => (31 * sum + byte) | 0, seed + round);
}

/** Nothing here makes the database unavailable, so not even 503 is an answer. */
function expectAnswer({ raw, answer: { status, text } }: Exchange): void {
  const { method, path, headers, body } = raw;
  const asked = `${method} ${path} ${JSON.stringify(headers)} ${String(body)}`.slice(0, 2_000);
  expect({ isAnswer: status >= 200 && status < 500, leak: leakIn(text) }, asked).toEqual({
    isAnswer: true,
    leak: null,
  });
}

function tallyOf(fuzzer: Fuzzer, operations: Operation[], least: number) {
  const few = operations
    .filter((operation) => fuzzer.accepted(operation) < least)
    .map((operation) => `${operation.id}: ${fuzzer.accepted(operation)}, ${fuzzer.lastRefusal(operation)}`);
  return { sent: fuzzer.sent(), passed: fuzzer.passed(), few };
}

async function staysUp({ app }: Stage): Promise<void> {
  const { status, json } = await app.as(null)<{ status: string }>('GET', '//readyz');
  expect([status, json.status]).toEqual([200, 'ready']);
}

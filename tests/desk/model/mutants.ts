import type { OperatorId } from '../../../src/contract/ids.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import type { RoutingFacts, Statements } from '../../../src/store/dialect.ts';
import type { Tx } from '../../../src/store/write.ts';
import { withOthers } from '../../support/with-others.ts';

type Wrong = (tx: Tx) => Partial<Statements>;

/** What a desk does wrong, how, and what the laws say of it. */
export const mutants: [does: string, wrong: Wrong, says: RegExp][] = [
  [
    'ignores the cap',
    (tx) => ({
      ...seeing(tx, ({ operators }) => ({ operators: operators.map((one) => ({ ...one, maxLoad: 99 })) })),
      moveLoads: (deltas) => moveBlindly(tx, deltas),
    }),
    /rose to \d+ above a cap/,
  ],
  [
    'gives to operators of weight 0',
    (tx) =>
      seeing(tx, ({ weights }) => ({
        weights: weights.map((one) => ({ ...one, weight: Math.max(1, one.weight) })),
      })),
    /refused as zero-weight/,
  ],
  [
    'gives to the newest first',
    (tx) => ({ lockQueue: async (...asked) => (await tx.sql.lockQueue(...asked)).toReversed() }),
    /overtaken by a younger one|after a younger one/,
  ],
  [
    'gives for sources that are off',
    (tx) => seeing(tx, ({ sources }) => ({ sources: sources.map((one) => ({ ...one, isActive: true })) })),
    /refused as source-inactive/,
  ],
  [
    'gives to whoever is paused',
    (tx) =>
      seeing(tx, ({ operators }) => ({
        operators: operators.map((one) => ({ ...one, availability: 'available' })),
      })),
    /refused as paused/,
  ],
  [
    'forgets who released a contact',
    (tx) => ({
      lockQueue: async (...asked) =>
        (await tx.sql.lockQueue(...asked)).map((row) => ({ ...row, releasedBy: null, releasedAt: null })),
    }),
    /went back to operator \d+ at once/,
  ],
  [
    'forgets who declined a contact',
    (tx) => ({
      lockQueue: async (...asked) =>
        (await tx.sql.lockQueue(...asked)).map((row) => ({ ...row, declined: null })),
    }),
    /was offered again to operator \d+/,
  ],
  ['forgets the queue', () => ({ lockQueue: async () => [] }), /waits though operator \d+ could take it/],
  [
    'forgets loads',
    () => ({ moveLoads: async (deltas) => deltas.size }),
    /has a load of \d+ and \d+ contacts/,
  ],
  [
    'records another draw',
    (tx) => ({
      insert: ({ decision = [], ...rows }) =>
        tx.sql.insert({ ...rows, decision: decision.map((row) => ({ ...row, draw: row.totalWeight })) }),
    }),
    /decision \d+: /,
  ],
];

/** The desk with something wrong in all that its verbs do; arrivals are as they were. */
export function gone<T extends Desk>(desk: T, wrong: Wrong): T {
  return {
    ...desk,
    store: {
      ...desk.store,
      write: (work) => desk.store.write((tx) => work(withOthers(tx, { sql: { ...tx.sql, ...wrong(tx) } }))),
    },
  };
}

function seeing(tx: Tx, change: (facts: RoutingFacts) => Partial<RoutingFacts>): Partial<Statements> {
  return {
    routingFacts: async (...asked) => {
      const facts = await tx.sql.routingFacts(...asked);
      return { ...facts, ...change(facts) };
    },
  };
}

async function moveBlindly({ em }: Tx, deltas: ReadonlyMap<OperatorId, number>): Promise<number> {
  for (const [id, delta] of deltas)
    await em.execute('update operator set load = load + ? where id = ?', [delta, id]);
  return deltas.size;
}

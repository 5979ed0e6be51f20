// Writes many transactions, each with something that is over when it ends; started by promotion.test.ts.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { openStore } from '../../src/store/open.ts';

const [databaseUrl] = process.argv.slice(2);
await using store = await openStore({
  databaseUrl: databaseUrl!,
  onError: (error) => {
    throw error;
  },
});
for (let n = 0; n < 8_000; n++) {
  const luggage = Array.from({ length: 300 }, (_, index) => ({ index, of: [n] }));
  await store.write(async (tx) => tx.afterCommit(() => void luggage.length));
  await nextTurn();
}

import { type Holdings, startHoldings } from '../../../src/bots/holdings.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import { openLogJournal } from './log-journal.ts';

/** The one gateway there is: it serves every source. */
export function holdsAll(desk: Desk): Promise<Holdings> {
  const { log } = openLogJournal();
  return startHoldings({ desk, feed: desk.store.feed, log, gateway: 'here', isSole: true });
}

/** A gateway beside others that serve everything. */
export function holdsNothing(): Holdings {
  return {
    gateway: 'there',
    of: () => null,
    ids: () => [],
    subscribe: () => () => {},
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

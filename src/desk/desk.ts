import type { ContactId } from '../contract/ids.ts';
import type { Log } from '../log.ts';
import type { Draw } from '../routing/strategy.ts';
import type { Seal } from '../store/seal.ts';
import type { Store } from '../store/open.ts';
import type { Arrivals } from './arrivals.ts';
import type { ArrivalItem, ArrivalOutcome } from './intake/arrival-item.ts';
import type { ChannelCache } from './channels.ts';
import type { Drains } from './drains.ts';
import type { RosterMemory } from './roster.ts';

export type Clock = { now(): Date };

/** What the verbs need, as a plain record. */
export type Desk = {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** The draw of a contact's n-th decision: the same for the same seed, contact and attempt. */
  readonly drawFor: (contactId: ContactId, attempt: number) => Draw;
  readonly seal: Seal;
  readonly arrivals: Arrivals<ArrivalItem, ArrivalOutcome>;
  readonly rosterMemory: RosterMemory;
  readonly channelCache: ChannelCache;
  /** What goes on by itself: long drains, and queues that are looked at again after a while. */
  readonly drains: Drains;
};

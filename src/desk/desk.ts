import type { ContactId, SourceId } from '../contract/ids.ts';
import type { Log } from '../log.ts';
import type { Draw } from '../routing/decide.ts';
import type { Seal } from '../store/seal.ts';
import type { Store } from '../store/open.ts';
import type { Arrivals } from './arrivals.ts';
import type { ArrivalItem, ArrivalOutcome } from './intake/arrival-item.ts';
import type { ChannelCache } from './channels.ts';
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
  /** Goes on with a long drain in a commit of its own. */
  readonly drainSoon: (sourceIds: readonly SourceId[]) => void;
  /** Looks at these queues again after a while: a pause that kept a contact from its releaser is over then. */
  readonly drainAfter: (ms: number, sourceIds: readonly SourceId[]) => void;
};

import type { Decision } from '../../../src/contract/decision.ts';
import type { ContactId, OperatorId, SourceId } from '../../../src/contract/ids.ts';
import type { ContactStatus } from '../../../src/contract/contact.ts';
import type { OnOffline } from '../../../src/contract/source.ts';
import type { Facts } from '../../../src/routing/candidate.ts';
import type { Desk } from '../../../src/desk/desk.ts';
import { decisionView } from '../../../src/desk/views.ts';
import { Contact } from '../../../src/store/entities/contact.ts';
import { Decision as DecisionRow } from '../../../src/store/entities/decision.ts';
import { Operator } from '../../../src/store/entities/operator.ts';
import { SourceOperator } from '../../../src/store/entities/source-operator.ts';
import { Source } from '../../../src/store/entities/source.ts';

export type Person = Omit<Facts, 'weight' | 'operatorId'> & { id: OperatorId };
export type Inquiry = {
  id: ContactId;
  sourceId: SourceId;
  status: ContactStatus;
  operatorId: OperatorId | null;
  createdAt: number;
  releasedBy: OperatorId | null;
  releasedAt: number | null;
  declined: OperatorId[];
};
export type Post = {
  id: SourceId;
  isActive: boolean;
  requirePresence: boolean;
  priority: number;
  onOffline: OnOffline;
};

/** Everything that the laws look at, as the database has it between two steps. */
export type World = {
  now: number;
  operators: Person[];
  sources: Post[];
  weights: { sourceId: SourceId; operatorId: OperatorId; weight: number }[];
  contacts: Inquiry[];
};

export type Taken = Decision & { contactId: ContactId };

/**
 * What one step made of a world; `caps` is the highest cap that an operator had meanwhile, `leaver` who had to give
 * everything away.
 */
export type Step = {
  before: World;
  after: World;
  decisions: Taken[];
  caps: ReadonlyMap<OperatorId, number>;
  leaver: OperatorId | null;
};

/** The world of these sources and operators. */
export async function look(desk: Desk, sourceIds: SourceId[], operatorIds: OperatorId[]): Promise<World> {
  const of = { source: { $in: sourceIds } };
  const orderBy = { id: 'asc' } as const;
  const [operators, sources, weights, contacts] = await Promise.all([
    desk.store.em().find(Operator, { id: { $in: operatorIds } }, { orderBy }),
    desk.store.em().find(Source, { id: { $in: sourceIds } }, { orderBy }),
    desk.store.em().find(SourceOperator, of),
    desk.store.em().find(Contact, of, { orderBy }),
  ]);
  return {
    now: desk.clock.now().getTime(),
    operators: operators.map(({ id, isActive, availability, isOnline, load, maxLoad }) => {
      return { id, isActive, availability, isOnline, load, maxLoad };
    }),
    sources: sources.map(({ id, isActive, requirePresence, priority, onOffline }) => {
      return { id, isActive, requirePresence, priority, onOffline };
    }),
    weights: weights.map(({ source, operator, weight }) => {
      return { sourceId: source.id, operatorId: operator.id, weight };
    }),
    contacts: contacts.map((contact) => ({
      id: contact.id,
      sourceId: contact.source.id,
      status: contact.status,
      operatorId: contact.operator?.id ?? null,
      createdAt: contact.createdAt.getTime(),
      releasedBy: contact.releasedBy?.id ?? null,
      releasedAt: contact.releasedAt?.getTime() ?? null,
      declined: contact.declined?.map(([id]) => id) ?? [],
    })),
  };
}

/** The decisions behind the given one, in the order in which they were taken. */
export async function decisionsAfter(desk: Desk, id: number): Promise<Taken[]> {
  const rows = await desk.store
    .em()
    .find(DecisionRow, { id: { $gt: id as Decision['id'] } }, { orderBy: { id: 'asc' } });
  return rows.map((row) => ({ ...decisionView(row), contactId: row.contact.id }));
}

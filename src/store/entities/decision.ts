import { defineEntity, p } from '@mikro-orm/core';
import type {
  Candidate,
  Decision as DecisionRecord,
  RefusalReason,
  Rule,
  Strategy,
  Trigger,
} from '../../contract/decision.ts';
import type { DecisionId, OperatorId } from '../../contract/ids.ts';
import { Contact } from './contact.ts';

export const DecisionSchema = defineEntity({
  name: 'Decision',
  tableName: 'decision',
  indexes: [{ properties: ['contact', 'id'] }],
  properties: {
    id: p.bigint('number').primary().$type<DecisionId>(),
    contact: () => p.manyToOne(Contact).index(false),
    at: p.datetime(),
    strategy: p.string().$type<Strategy>(),
    rule: p.string().$type<Rule>(),
    trigger: p.string().name('trigger_kind').$type<Trigger>(),
    outcome: p.string().$type<DecisionRecord['outcome']>(),
    operatorId: p.bigint('number').$type<OperatorId>().nullable(),
    refused: p.json<Partial<Record<RefusalReason, number>>>().columnType('json'),
    candidateCount: p.integer(),
    // The dearest part of a row. Never looked into: on PostgreSQL the plain form is kept, which costs less to write.
    candidates: p.json<Candidate[]>().columnType('json'),
    totalWeight: p.bigint('number'),
    draw: p.bigint('number').nullable(),
    configVersion: p.integer(),
    // Where the strategy goes by an order: how far it had come, and whom it would have chosen next.
    turn: p.double().$type<number>().nullable(),
    // A letter for each candidate, by id, that says why it was refused (routing/situation.ts).
    situation: p.text().nullable(),
    runnerUp: p.json<Candidate>().columnType('json').nullable(),
  },
});
export class Decision extends DecisionSchema.class {}
DecisionSchema.setClass(Decision);

import { defineEntity, p } from '@mikro-orm/core';
import { Source } from './source.ts';

/** What the strategy of a source keeps from one pick to the next. */
export const StrategyMemorySchema = defineEntity({
  name: 'StrategyMemory',
  tableName: 'strategy_memory',
  properties: {
    source: () => p.oneToOne(Source).primary().owner().deleteRule('cascade'),
    turn: p.double().$type<number>(),
    // Pairs of an operator's id and its mark. Never looked into.
    marks: p.json<[number, number][]>().columnType('json'),
  },
});
export class StrategyMemory extends StrategyMemorySchema.class {}
StrategyMemorySchema.setClass(StrategyMemory);

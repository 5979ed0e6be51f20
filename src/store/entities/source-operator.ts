import { defineEntity, p } from '@mikro-orm/core';
import { Operator } from './operator.ts';
import { Source } from './source.ts';

/** An operator's weight on a source. */
export const SourceOperatorSchema = defineEntity({
  name: 'SourceOperator',
  tableName: 'source_operator',
  properties: {
    source: () => p.manyToOne(Source).primary().deleteRule('cascade').index(false),
    operator: () => p.manyToOne(Operator).primary().deleteRule('cascade').index(),
    weight: p.integer(),
  },
});
export class SourceOperator extends SourceOperatorSchema.class {}
SourceOperatorSchema.setClass(SourceOperator);

import type { OperatorsLoad } from '../contract/stats.ts';
import { Operator } from '../store/entities/operator.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { loadPercentage } from './operators.ts';
import { authorizeAny } from './policy.ts';
import { operatorView } from './views.ts';

/** How loaded every operator is, by id. Throws Problem('forbidden'). */
export async function operatorsLoad(desk: Desk, actor: Actor): Promise<OperatorsLoad> {
  authorizeAny(actor, 'stats.see');
  const rows = await desk.store.em().find(Operator, {}, { orderBy: { id: 'asc' } });
  return {
    items: rows.map((row) => {
      const { id, name, load, max_load, is_active, presence } = operatorView(row);
      const load_percentage = loadPercentage(load, max_load);
      return { operator_id: id, operator_name: name, load, max_load, load_percentage, is_active, presence };
    }),
  };
}

import type { SourceId } from '../contract/ids.ts';
import type { Page, PageQuery } from '../contract/page.ts';
import type { SourceView } from '../contract/source.ts';
import { Problem } from '../problem.ts';
import { Source } from '../store/entities/source.ts';
import type { Actor } from './actor.ts';
import type { Desk } from './desk.ts';
import { findSource } from './find-source.ts';
import { pageById, readIdCursor } from './page.ts';
import { authorize, type Sight } from './policy.ts';
import { sightOf } from './sight.ts';
import { sourceBrief, sourceView } from './views.ts';

/** The sources that the actor sees, by id. Throws Problem('forbidden') or Problem('invalid'). */
export async function listSources(desk: Desk, actor: Actor, query: PageQuery): Promise<Page<SourceView>> {
  authorize(actor, 'source.see');
  const em = desk.store.em();
  const sight = await sightOf(em, actor);
  const end = readIdCursor<SourceId>(query.cursor);
  const rows = await em.find(
    Source,
    {
      $and: [
        end === null ? {} : { id: { $gt: end } },
        sight.kind === 'all' ? {} : { id: { $in: [...sight.sourceIds] } },
      ],
    },
    { orderBy: { id: 'asc' }, limit: query.limit + 1 },
  );
  return pageById(rows, query.limit, (row) => viewFor(sight, row));
}

/** One source by id or code. Throws Problem('not-found'), also for one that the actor may not see. */
export async function getSource(desk: Desk, actor: Actor, ref: string): Promise<SourceView> {
  authorize(actor, 'source.see');
  const em = desk.store.em();
  const sight = await sightOf(em, actor);
  const source = await findSource(em, ref);
  if (sight.kind === 'own' && !sight.sourceIds.has(source.id))
    throw new Problem('not-found', { detail: `There is no source ${ref}.` });
  return viewFor(sight, source);
}

function viewFor(sight: Sight, source: Source): SourceView {
  return sight.kind === 'all' ? sourceView(source) : sourceBrief(source);
}

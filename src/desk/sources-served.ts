import type { SourceId } from '../contract/ids.ts';
import { Source } from '../store/entities/source.ts';
import type { Desk } from './desk.ts';

/** The sources that somebody has to serve: they poll, or send what waits for them. */
export async function listServedSources(desk: Desk): Promise<SourceId[]> {
  const sources = await desk.store
    .em()
    .find(Source, { kind: { $ne: 'api' } }, { fields: ['id'], orderBy: { id: 'asc' } });
  return sources.map(({ id }) => id);
}

import { Configuration } from '../../src/store/entities/configuration.ts';
import { Event } from '../../src/store/entities/event.ts';
import type { TestDesk } from '../support/desk.ts';

export async function configVersion(desk: TestDesk): Promise<number> {
  return (await desk.store.em().findOneOrFail(Configuration, { id: 1 })).version;
}

/** Everything of one type that was ever written to be told, oldest first. */
export function eventsOf(desk: TestDesk, type: string): Promise<Event[]> {
  return desk.store.em().find(Event, { type }, { orderBy: { id: 'asc' } });
}

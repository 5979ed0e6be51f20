import { Contact } from '../store/entities/contact.ts';
import { DeadLetter } from '../store/entities/dead-letter.ts';
import { Delivery } from '../store/entities/delivery.ts';
import { Operator } from '../store/entities/operator.ts';
import { Source } from '../store/entities/source.ts';
import type { Desk } from './desk.ts';

/** What the database holds, in figures for people and monitors. */
export type Status = {
  database: Desk['store']['dialect'];
  operators: { active: number; all: number };
  sources: { active: number; all: number };
  contacts: { waiting: number; assigned: number };
  oldestWaitingAt: Date | null;
  deliveries: { queued: number; sending: number; failed: number; uncertain: number };
  deadLetters: number;
};

/** Counts what there is. */
export async function readStatus(desk: Desk): Promise<Status> {
  const em = desk.store.em();
  const oldest = await em.findOne(
    Contact,
    { status: 'waiting' },
    { orderBy: { createdAt: 'asc', id: 'asc' } },
  );
  const delivered = (status: 'queued' | 'sending' | 'failed' | 'uncertain') => em.count(Delivery, { status });
  return {
    database: desk.store.dialect,
    operators: { active: await em.count(Operator, { isActive: true }), all: await em.count(Operator) },
    sources: { active: await em.count(Source, { isActive: true }), all: await em.count(Source) },
    contacts: {
      waiting: await em.count(Contact, { status: 'waiting' }),
      assigned: await em.count(Contact, { status: 'assigned' }),
    },
    oldestWaitingAt: oldest?.createdAt ?? null,
    deliveries: {
      queued: await delivered('queued'),
      sending: await delivered('sending'),
      failed: await delivered('failed'),
      uncertain: await delivered('uncertain'),
    },
    deadLetters: await em.count(DeadLetter),
  };
}

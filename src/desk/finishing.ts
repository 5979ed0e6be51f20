import type { OperatorId } from '../contract/ids.ts';
import type { Operator as OperatorWire } from '../contract/operator.ts';
import { Operator } from '../store/entities/operator.ts';
import type { FeedEvent } from '../store/feed.ts';
import { SYSTEM } from './actor.ts';
import { bumpConfiguration, recordOperator } from './configuration.ts';
import type { Desk } from './desk.ts';
import { findOperator } from './find-operator.ts';
import { operatorView } from './views.ts';

/**
 * Pauses operators who are finishing as soon as the last of their contacts is gone. It goes by what commits anywhere;
 * resolves after a look at those who finished while nobody watched. Disposing waits for what is under way.
 */
export async function watchFinishing(desk: Desk): Promise<AsyncDisposable> {
  const finishing = new Set<OperatorId>();
  let looking = Promise.resolve();

  function look(id: OperatorId): void {
    looking = looking
      .then(() => pauseFinished(desk, id))
      // The next contact that goes, or the next start, looks again.
      .catch((error: unknown) => desk.log.error({ err: error, operator: id }, 'an operator was not paused'));
  }

  function watch(id: OperatorId): void {
    finishing.add(id);
    look(id);
  }

  function hear(event: FeedEvent): void {
    const { type, operatorBefore } = event;
    if (type === 'operator.updated') {
      const { id, availability } = event.data as OperatorWire;
      if (availability === 'finishing') watch(id);
      else finishing.delete(id);
    } else if (operatorBefore !== null && finishing.has(operatorBefore) && frees(event)) {
      look(operatorBefore);
    }
  }

  const unsubscribe = desk.store.feed.subscribe((events) => events.forEach(hear));
  const rows = await desk.store.em().find(Operator, { availability: 'finishing' }, { fields: ['id'] });
  for (const { id } of rows) watch(id);
  await looking;
  return {
    async [Symbol.asyncDispose]() {
      unsubscribe();
      await looking;
    },
  };
}

/** Whether a contact leaves its operator's hands: it is closed, waits again, or somebody else has it. */
function frees({ statusAfter, operatorBefore, operatorAfter }: FeedEvent): boolean {
  return statusAfter !== 'assigned' || operatorAfter !== operatorBefore;
}

async function pauseFinished(desk: Desk, id: OperatorId): Promise<void> {
  const done = { id, availability: 'finishing' as const, load: 0 };
  if ((await desk.store.em().count(Operator, done)) === 0) return;
  await desk.store.write(async (tx) => {
    await bumpConfiguration(tx);
    const updatedAt = desk.clock.now();
    // Somebody may have handed the operator a contact meanwhile: the write itself looks.
    const paused = await tx.em.nativeUpdate(Operator, done, { availability: 'paused', updatedAt });
    if (paused === 0) return;
    recordOperator(tx, SYSTEM, updatedAt, operatorView(await findOperator(tx.em, id)));
  });
}

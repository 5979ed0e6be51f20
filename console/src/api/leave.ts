import { readStored, writeStored } from '../state/storage.ts';
import { endSession } from './calls.ts';
import { mayPass } from './queries.ts';

// It outlives the page: nobody is let in by the cookie of a session that was left.
const MARK = 'leaving';

/** Ends the session of the browser; where no answer comes, `finishLeaving` does it later. */
export function leave(): void {
  writeStored(MARK, 'yes');
  finishLeaving().catch(() => undefined);
}

/** Ends what was left and is not known to have ended. Throws what may pass, to be tried again. */
export async function finishLeaving(): Promise<void> {
  if (readStored(MARK) === null) return;
  await endSession().catch((error: Error) => {
    if (mayPass(error)) throw error;
  });
  stay();
}

/** Another session has begun, which is not the one that was left. */
export function stay(): void {
  writeStored(MARK, null);
}

import { whoAmI } from './calls.ts';
import { stay } from './leave.ts';
import { byCookie, currentCredential, sessionStore } from './session.ts';
import type { Identity } from '../state/session.ts';

// While the cookie is exchanged for another, what is said of the old one says nothing.
let exchange: Promise<unknown> = Promise.resolve();

/** Signs in by the cookie that comes with an answer, whoever was signed in before. */
export async function signInBy(answer: Promise<Identity>): Promise<void> {
  exchange = answer.catch(() => undefined);
  const identity = await answer;
  stay();
  sessionStore.dispatch({ type: 'signed-in', credential: byCookie(), identity });
}

/** Asks anew for whom the present credential speaks: the role may have changed, or the right to be here have ended. */
export async function identifyAnew(): Promise<void> {
  await exchange;
  const credential = currentCredential();
  if (credential === null) return;
  try {
    sessionStore.dispatch({ type: 'identified', credential, identity: await whoAmI(credential) });
  } catch {
    // A refusal has changed the session by now; without an answer things stay as they were.
  }
}

/** The present credential was refused. */
export function refuse(): void {
  const credential = currentCredential();
  if (credential !== null) sessionStore.dispatch({ type: 'refused', credential });
}

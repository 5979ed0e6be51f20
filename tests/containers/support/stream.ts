import type { OpenedContact } from '../../../src/contract/contact.ts';
import { callApi } from '../../support/call-api.ts';
import { ADMIN_TOKEN } from './pair.ts';

/** Longer than a gateway needs to stop and to start again. */
const PATIENCE_MS = 30_000;

/** Opens contacts without a pause, and repeats each with its key until it is acknowledged: what a careful caller does. */
export class Stream {
  /** Contact ids by the key under which they were acknowledged. */
  readonly acked = new Map<string, number>();
  #isOn = true;
  #next = 0;
  #waiting = new Set<{ count: number; resolve: () => void }>();
  readonly #ended: Promise<unknown>;
  readonly #url: string;
  readonly #sourceId: number;

  constructor(url: string, sourceId: number, width = 8) {
    this.#url = url;
    this.#sourceId = sourceId;
    this.#ended = Promise.all(Array.from({ length: width }, () => this.#run()));
    // One that fails ends the others; `more` and `end` tell why.
    this.#ended.catch(() => (this.#isOn = false));
  }

  /** Resolves when so many more are acknowledged; rejects when the stream ends before that. */
  async more(count: number): Promise<void> {
    const { promise: reached, resolve } = Promise.withResolvers<void>();
    this.#waiting.add({ count: this.acked.size + count, resolve });
    const ended = this.#ended.then(() => {
      throw new Error(`the stream ended before ${count} more were acknowledged`);
    });
    await Promise.race([reached, ended]);
  }

  /** Begins nothing new, and resolves when everything begun is acknowledged. */
  async end(): Promise<void> {
    this.#isOn = false;
    await this.#ended;
  }

  async #run(): Promise<void> {
    while (this.#isOn) {
      const key = `request-${++this.#next}`;
      const body = { external_id: `lead-${key}`, source_id: this.#sourceId };
      const contact = await this.#insist<OpenedContact>('POST', '/contacts', { body, key });
      this.acked.set(key, contact.id);
      // Some seats become free again, so that the caps are reached from both sides.
      if (contact.operator_id !== null && contact.id % 3 === 0)
        await this.#insist('PUT', `/contacts/${contact.id}/close`);
      for (const waiter of this.#waiting) if (this.acked.size >= waiter.count) waiter.resolve();
    }
  }

  async #insist<T>(method: string, path: string, sent: { body?: unknown; key?: string } = {}): Promise<T> {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    while (!signal.aborted) {
      const call = { token: ADMIN_TOKEN, signal, ...sent };
      const answer = await callApi(this.#url, method, path, call).catch(() => null);
      if (answer?.ok === true) return (await answer.json()) as T;
      if (answer !== null && answer.status < 500)
        throw new Error(`${method} ${path} answers ${answer.status}: ${await answer.text()}`);
    }
    throw new Error(`${method} ${path} has no answer after ${PATIENCE_MS / 1000} s`);
  }
}

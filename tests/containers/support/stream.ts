import type { OpenedContact } from '../../../src/contract/contact.ts';
import { request } from './pair.ts';

/** Opens contacts without a pause, and repeats each with its key until it is acknowledged: what a careful caller does. */
export class Stream {
  /** Contact ids by the key under which they were acknowledged. */
  readonly acked = new Map<string, number>();
  #isOn = true;
  #next = 0;
  #waiting = new Set<{ count: number; resolve: () => void }>();
  #loops: Promise<void>[] = [];
  readonly #url: string;
  readonly #sourceId: number;

  constructor(url: string, sourceId: number, width = 8) {
    this.#url = url;
    this.#sourceId = sourceId;
    this.#loops = Array.from({ length: width }, () => this.#run());
  }

  /** Resolves when so many more are acknowledged. */
  more(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.add({ count: this.acked.size + count, resolve });
    });
  }

  /** Begins nothing new, and resolves when everything begun is acknowledged. */
  async end(): Promise<void> {
    this.#isOn = false;
    await Promise.all(this.#loops);
  }

  async #run(): Promise<void> {
    while (this.#isOn) {
      const key = `request-${++this.#next}`;
      const body = { external_id: `lead-${key}`, source_id: this.#sourceId };
      const contact = await this.#insist<OpenedContact>({ method: 'POST', path: '/contacts', body, key });
      this.acked.set(key, contact.id);
      // Some seats become free again, so that the caps are reached from both sides.
      if (contact.operator_id !== null && contact.id % 3 === 0)
        await this.#insist({ method: 'PUT', path: `/contacts/${contact.id}/close` });
      for (const waiter of this.#waiting) if (this.acked.size >= waiter.count) waiter.resolve();
    }
  }

  async #insist<T>(call: Parameters<typeof request>[1]): Promise<T> {
    for (;;) {
      const answer = await request(this.#url, call).catch(() => null);
      if (answer?.ok === true) return (await answer.json()) as T;
      if (answer !== null && answer.status < 500)
        throw new Error(`${call.method} ${call.path} answers ${answer.status}: ${await answer.text()}`);
    }
  }
}

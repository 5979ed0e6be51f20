import { Agent, request } from 'node:http';

/**
 * Posts numbered messages over many connections, and sends again whatever was not answered: what a careful sender
 * does. `acked` is the ground truth of what was promised to be kept.
 */
export class Driver {
  readonly acked = new Set<string>();
  readonly #unanswered: string[] = [];
  readonly #agent: Agent;
  readonly #connections: number;
  #url: string | null = null;
  #secret: string;
  #next = 0;
  #inFlight = 0;
  #isSending = true;
  #waiters: { acks: number; resolve: () => void }[] = [];
  #loops: Promise<void>[] = [];
  #resume = Promise.withResolvers<void>();

  constructor({ connections, secret }: { connections: number; secret: string }) {
    this.#connections = connections;
    this.#secret = secret;
    this.#agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** How many requests are sent and not answered. */
  get inFlight(): number {
    return this.#inFlight;
  }

  start(url: string): void {
    this.continueAt(url);
    this.#loops = Array.from({ length: this.#connections }, () => this.#loop());
  }

  /** The server is gone: nothing is sent until it is back. */
  pause(): void {
    this.#url = null;
    this.#resume = Promise.withResolvers();
  }

  continueAt(url: string): void {
    this.#url = url;
    this.#resume.resolve();
  }

  /** Resolves when so many more are acknowledged. */
  async moreAcks(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiters.push({ acks: this.acked.size + count, resolve });
    await promise;
  }

  /** Sends what is still unanswered and nothing new. */
  async finish(): Promise<void> {
    this.#isSending = false;
    await Promise.all(this.#loops);
    this.#agent.destroy();
  }

  async #loop(): Promise<void> {
    while (this.#isSending || this.#unanswered.length > 0) {
      await this.#resume.promise;
      if (this.#url === null) continue;
      const id = this.#unanswered.shift() ?? `h${this.#next++}`;
      if (await this.#send(this.#url, id)) this.#acknowledge(id);
      else this.#unanswered.push(id);
    }
  }

  #acknowledge(id: string): void {
    this.acked.add(id);
    const isDue = ({ acks }: { acks: number }): boolean => this.acked.size >= acks;
    for (const { resolve } of this.#waiters.filter(isDue)) resolve();
    this.#waiters = this.#waiters.filter((waiter) => !isDue(waiter));
  }

  #send(url: string, id: string): Promise<boolean> {
    const body = JSON.stringify({
      external_id: `lead-${Number(id.slice(1)) % 400}`,
      text: `message ${id}`,
      id,
    });
    this.#inFlight += 1;
    return new Promise<boolean>((resolve) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${this.#secret}` };
      const sent = request(
        `${url}/hooks/crm`,
        { method: 'POST', agent: this.#agent, headers },
        (response) => {
          response.resume();
          response.once('close', () => resolve(response.complete && response.statusCode === 202));
        },
      );
      sent.once('error', () => resolve(false)).end(body);
    }).finally(() => {
      this.#inFlight -= 1;
    });
  }
}

import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

/** What the gateway posts to a `callback_url`, as far as the website needs it. */
const Delivered = z.object({
  type: z.literal('message.created'),
  data: z.object({
    message: z.object({ author: z.string(), text: z.string() }),
    lead: z.object({ external_id: z.string() }),
  }),
});

export type Reply = { externalId: string; author: string; text: string };

/** The website's own server: takes replies that are signed with the source's secret. */
export type Receiver = AsyncDisposable & {
  readonly url: string;
  /** Known once the source has been made. */
  trust(secret: string): void;
  follow(listener: (reply: Reply) => void): void;
};

export async function startReceiver(): Promise<Receiver> {
  const listeners: ((reply: Reply) => void)[] = [];
  let webhook: Webhook | null = null;

  async function take(request: IncomingMessage): Promise<number> {
    const body = await bodyOf(request);
    if (webhook === null) return 503;
    try {
      webhook.verify(body, { ...(request.headers as Record<string, string>) });
    } catch {
      return 401;
    }
    const delivered = Delivered.safeParse(JSON.parse(body));
    // Whatever else there may be to tell one day is none of the website's business.
    if (!delivered.success) return 204;
    const { message, lead } = delivered.data.data;
    for (const listener of listeners) listener({ externalId: lead.external_id, ...message });
    return 204;
  }

  const server = createServer((request, response) => {
    take(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(400).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/replies`,
    trust(secret) {
      webhook = new Webhook(secret);
    },
    follow: (listener) => void listeners.push(listener),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

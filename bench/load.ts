import { Agent, request } from 'node:http';

type Post = { url: string; token: string; body: Record<string, unknown> };
type Load = { next: () => Post; expected: number; connections: number; seconds: number };

/**
 * Keeps `connections` requests under way for `seconds` and answers how many were committed a second. Any other status
 * than the expected one ends it: a rate with refusals in it means nothing.
 */
export async function load({ next, expected, connections, seconds }: Load): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const start = performance.now();
  const end = start + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < end) {
        const status = await send(agent, next());
        if (status !== expected) throw new Error(`answered ${status} where ${expected} was expected`);
        done += 1;
      }
    }),
  );
  agent.destroy();
  return done / ((performance.now() - start) / 1000);
}

function send(agent: Agent, { url, token, body }: Post): Promise<number> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      authorization: `Bearer ${token}`,
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode!));
    });
    sent.once('error', reject).end(text);
  });
}

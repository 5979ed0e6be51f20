import { Agent, request } from 'node:http';

export type Post = { url: string; token: string; body: Record<string, unknown> };
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
        await post(agent, next(), expected);
        done += 1;
      }
    }),
  );
  agent.destroy();
  return done / ((performance.now() - start) / 1000);
}

/** Resolves when the answer is read to its end. Throws unless it has the expected status. */
export function post(agent: Agent, { url, token, body }: Post, expected: number): Promise<void> {
  const text = JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      authorization: `Bearer ${token}`,
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const { statusCode } = response;
      response.resume().once('end', () => {
        if (statusCode === expected) resolve();
        else reject(new Error(`answered ${statusCode} where ${expected} was expected`));
      });
    });
    sent.once('error', reject).end(text);
  });
}

import type { z } from 'zod';

/** The gateway said no. */
export class Refused extends Error {
  readonly status: number;

  constructor(call: string, status: number, problem: unknown) {
    super(`${call}: ${status} ${JSON.stringify(problem)}`);
    this.status = status;
  }
}

/** Calls the public REST API as whoever holds the token. Throws `Refused`. */
export type Client = <T extends z.ZodType>(
  answer: T,
  method: string,
  path: string,
  body?: object,
) => Promise<z.infer<T>>;

export function openClient(url: string, token: string): Client {
  return async (answer, method, path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const found: unknown = await response.json().catch(() => null);
    if (!response.ok) throw new Refused(`${method} ${path}`, response.status, found);
    return answer.parse(found);
  };
}

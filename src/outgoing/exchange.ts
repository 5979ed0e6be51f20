import http, { type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';

export type Order = {
  url: URL;
  method: string;
  headers: Record<string, string>;
  body: string | Buffer | null;
  agent: http.Agent;
  /** For everything together, from the name lookup to the last byte of the answer. */
  timeoutMs: number;
  /** No more than so many bytes of the answer are read. */
  maxBytes: number;
  signal?: AbortSignal | undefined;
};

export type Exchange =
  /** `isWhole` is false when the answer was cut off by the limit, the clock, or the other side. */
  | { kind: 'answered'; status: number; headers: IncomingHttpHeaders; body: Buffer; isWhole: boolean }
  /** Not one byte of the request went out: sending it again cannot double it. */
  | { kind: 'refused'; error: string }
  /** The request went out and no answer came: it may have arrived. */
  | { kind: 'unknown'; error: string };

/** One HTTP request and what became of it; follows no redirect, never rejects. Errors name codes, not URLs. */
export function exchange(order: Order): Promise<Exchange> {
  const { url, method, headers, body, agent, timeoutMs, signal } = order;
  return new Promise((resolve) => {
    if (signal?.aborted === true) return resolve({ kind: 'refused', error: 'aborted' });
    let isOut = false;
    let isAnswered = false;
    let given: string | null = null;
    const request = (url.protocol === 'https:' ? https : http).request(url, { method, headers, agent });
    const giveUp = (why: string) => {
      given ??= why;
      request.destroy();
    };
    const abort = () => giveUp('aborted');
    const timer = setTimeout(() => giveUp('timeout'), timeoutMs);
    signal?.addEventListener('abort', abort);
    const finish = (result: Exchange) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      resolve(result);
    };
    request.on('socket', (socket) => onceConnected(socket, () => (isOut = true)));
    request.on('error', (error) =>
      finish({ kind: isOut ? 'unknown' : 'refused', error: given ?? nameOf(error) }),
    );
    request.on('response', (response) => {
      isAnswered = true;
      const { statusCode: status = 0, headers: answered } = response;
      void readUpTo(response, order.maxBytes).then(({ body: read, isWhole }) =>
        finish({ kind: 'answered', status, headers: answered, body: read, isWhole }),
      );
    });
    // Node ends a request without a word when the other side answers that it changes the protocol.
    request.on('close', () => {
      if (!isAnswered) finish({ kind: isOut ? 'unknown' : 'refused', error: given ?? 'no-answer' });
    });
    request.end(body);
  });
}

// Node writes a request only when the connection (and TLS in it) stands; until then it is in our memory alone.
function onceConnected(socket: Socket, then: () => void): void {
  const isEncrypted = 'encrypted' in socket;
  if (
    !socket.connecting &&
    !(isEncrypted && 'secureConnecting' in socket && socket.secureConnecting === true)
  )
    then();
  else socket.once(isEncrypted ? 'secureConnect' : 'connect', then);
}

function readUpTo(response: IncomingMessage, maxBytes: number): Promise<{ body: Buffer; isWhole: boolean }> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (isWhole: boolean) => resolve({ body: Buffer.concat(chunks), isWhole });
    response.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) return void chunks.push(chunk);
      done(false);
      response.destroy();
    });
    response.on('end', () => done(response.complete));
    response.on('error', () => done(false));
    response.on('close', () => done(false));
  });
}

function nameOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  return /is not allowed/.test(error.message) ? 'address-not-allowed' : error.name;
}

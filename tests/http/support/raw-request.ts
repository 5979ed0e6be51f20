import { Agent, type OutgoingHttpHeaders, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** A request as it goes over the wire: nothing of it is put right on the way. */
export type RawRequest = {
  method: string;
  path: string;
  headers: OutgoingHttpHeaders;
  body?: string | Buffer | undefined;
};

export type RawAnswer = { status: number; contentType: string | null; text: string };

// Who is answered before all of its body is read may be cut off before it has read the answer.
const CUT = new Set(['ECONNRESET', 'EPIPE']);
const HUNG_UP: RawAnswer = { status: 400, contentType: null, text: '' };

/** Sends to one gateway over connections that are kept. */
export function openWire(url: string): Disposable & { send(raw: RawRequest): Promise<RawAnswer> } {
  const { hostname, port } = new URL(url);
  const agent = new Agent({ keepAlive: true });
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const sent = request({ agent, hostname, port, method, path, headers }, (answer) => {
          const { statusCode: status = 0, headers: got } = answer;
          text(answer).then(
            (said) => resolve({ status, contentType: got['content-type'] ?? null, text: said }),
            reject,
          );
        });
        sent.on('error', (error: NodeJS.ErrnoException) =>
          CUT.has(error.code ?? '') ? resolve(HUNG_UP) : reject(error),
        );
        sent.end(body);
      }),
    [Symbol.dispose]: () => agent.destroy(),
  };
}

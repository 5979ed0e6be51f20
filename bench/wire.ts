import { connect, type Socket } from 'node:net';

export type Post = { url: string; token: string; body: Record<string, unknown> };

/** Connections of a load, kept until it is disposed. */
export type Wire = Disposable & {
  /** Resolves when the answer is read to its end. Rejects when it has another status than the expected one. */
  post(post: Post, expected: number): Promise<void>;
};

type Target = { host: string; port: number; head: string; free: Line[] };
type Line = { ask(request: string): Promise<string>; close(): void };

const HEAD_END = '\r\n\r\n';

/**
 * Speaks only as much of HTTP/1.1 as a load takes, so that it leaves the cores to the servers: one request at a time on a
 * connection, answers that tell their length (RFC 9112, section 6.2).
 */
export function openWire(): Wire {
  const targets = new Map<string, Target>();
  const lines: Line[] = [];
  const free = new Map<string, Line[]>();

  function targetOf(url: string): Target {
    const known = targets.get(url);
    if (known !== undefined) return known;
    const { host, hostname, port, pathname } = new URL(url);
    if (!free.has(host)) free.set(host, []);
    const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
    const target = { host: hostname, port: Number(port), head, free: free.get(host)! };
    targets.set(url, target);
    return target;
  }

  function openLine(target: Target): Line {
    const line = lineTo(target);
    lines.push(line);
    return line;
  }

  return {
    async post({ url, token, body }, expected) {
      const target = targetOf(url);
      const text = JSON.stringify(body);
      const line = target.free.pop() ?? openLine(target);
      const length = Buffer.byteLength(text);
      const answer = await line.ask(
        `${target.head}authorization: Bearer ${token}\r\ncontent-length: ${length}${HEAD_END}${text}`,
      );
      target.free.push(line);
      const status = answer.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length);
      if (status !== String(expected))
        throw new Error(`answered ${status} where ${expected} was expected: ${answer}`);
    },
    [Symbol.dispose]() {
      for (const line of lines) line.close();
    },
  };
}

function lineTo({ host, port, free }: Target): Line {
  const socket: Socket = connect({ host, port, noDelay: true }).setEncoding('latin1');
  let asked: PromiseWithResolvers<string> | null = null;
  let text = '';
  socket.on('data', (part: string) => {
    text += part;
    if (!isWhole(text)) return;
    const answer = text;
    text = '';
    asked?.resolve(answer);
    asked = null;
  });
  let broken = new Error('the server has closed the connection');
  socket.on('error', (error) => (broken = error));
  socket.on('close', () => {
    const index = free.indexOf(line);
    if (index >= 0) free.splice(index, 1);
    asked?.reject(broken);
  });
  const line: Line = {
    ask(request) {
      asked = Promise.withResolvers();
      socket.write(request);
      return asked.promise;
    },
    close: () => socket.destroy(),
  };
  return line;
}

function isWhole(answer: string): boolean {
  const head = answer.indexOf(HEAD_END);
  if (head < 0) return false;
  const length = /^content-length: *(\d+)/im.exec(answer.slice(0, head));
  if (length === null) throw new Error(`an answer without its length: ${answer.slice(0, head)}`);
  return answer.length >= head + HEAD_END.length + Number(length[1]);
}

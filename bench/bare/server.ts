import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Answer, openBare, type Post } from './rows.ts';

// The least that can be served: node:http, JSON.parse, a batch per turn of the event loop. Started with a database
// file that the gateway has migrated and `bench/seed.ts` has filled; prints its address.

const bare = openBare(process.argv[2]!);
const queue: { post: Post; answer: (answer: Answer) => void }[] = [];
let isRunning = false;

function submit(post: Post): Promise<Answer> {
  return new Promise((answer) => {
    queue.push({ post, answer });
    if (isRunning) return;
    isRunning = true;
    setImmediate(run);
  });
}

function run(): void {
  const batch = queue.splice(0, 256);
  const answers = bare.commit(batch.map(({ post }) => post));
  batch.forEach(({ answer }, index) => answer(answers[index]!));
  isRunning = queue.length > 0;
  if (isRunning) setImmediate(run);
}

const server = createServer((request, response) => void serve(request, response));

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = JSON.parse(Buffer.concat(parts).toString()) as {
    external_id: string;
    text: string;
    source_code?: string;
  };
  const code = body.source_code ?? request.url!.split('/').at(-1)!;
  const { contact, ...ids } = await submit({ ...body, source: Number(code.split('-')[1]) });
  const isHook = body.source_code === undefined;
  const text = isHook ? JSON.stringify({ ...ids, duplicate: false }) : contact;
  response.writeHead(isHook ? 202 : 201, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

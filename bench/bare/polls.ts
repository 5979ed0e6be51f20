import { Agent, request } from 'node:http';
import { serveUsage } from './usage.ts';

// The least that polling bots can be: long polls by node:http that drop what they get. Started with the address of the
// Bot API and the number of bots.

const [root, count] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true });

function poll(n: number): void {
  request(`${root}/bot${n}:${'b'.repeat(35)}/getUpdates?timeout=25`, { agent }, (response) => {
    response.resume().once('end', () => poll(n));
  }).end();
}

for (let n = 1; n <= Number(count); n++) poll(n);
await serveUsage();

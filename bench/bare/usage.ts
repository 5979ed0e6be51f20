import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Answers every request with this process's own memory and time, in the words of a gateway's /metrics. */
export async function serveUsage(): Promise<void> {
  const server = createServer((_, response) => {
    const { user, system } = process.cpuUsage();
    response.end(
      `process_resident_memory_bytes ${process.memoryUsage.rss()}\n` +
        `process_cpu_seconds_total ${(user + system) / 1e6}\n`,
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}

import { type AddressInfo, createServer } from 'node:net';

/**
 * The port itself while it is free, or a free one for 0: the gateway has to know its address before it listens. Null
 * when it is taken.
 */
export async function freePort(wanted: number): Promise<number | null> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(wanted, '127.0.0.1', resolve);
    });
    return (server.address() as AddressInfo).port;
  } catch (error) {
    if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}

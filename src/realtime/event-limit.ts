import type { Socket } from 'socket.io';

const SPAN_MS = 10_000;
// A console says a word every few seconds: typing, and what it has missed after a cut.
const MOST = 60;
// Whoever goes on far beyond is no console.
const FAR_BEYOND = 600;

/** Counts what a socket says: answers whether it is heard. One that floods the gateway is cut. */
export function limitEvents(socket: Socket): (words?: number) => boolean {
  let said = 0;
  let since = performance.now();
  return (words = 1) => {
    const now = performance.now();
    if (now - since >= SPAN_MS) [said, since] = [0, now];
    said += words;
    if (said > FAR_BEYOND) socket.disconnect(true);
    return said <= MOST;
  };
}

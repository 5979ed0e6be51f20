import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';

// The least that a websocket can be: a text goes back to where it came from, one that begins with `*` to everybody.
// Frames of RFC 6455, shorter than 64 KiB and unbroken; started without arguments, prints its address.

const sockets = new Set<Duplex>();
const server = createServer();

server.on('upgrade', (request, socket) => {
  const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  sockets.add(socket);
  socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    for (let length = frameLength(rest); length > 0; length = frameLength(rest)) {
      answer(socket, rest.subarray(0, length));
      rest = rest.subarray(length);
    }
  });
});

/** How long the first frame is; 0 while it is not all there. */
function frameLength(bytes: Buffer): number {
  if (bytes.length < 6) return 0;
  const short = bytes[1]! & 0x7f;
  const length = short === 126 ? 8 + bytes.readUInt16BE(2) : 6 + short;
  return bytes.length < length ? 0 : length;
}

function answer(socket: Duplex, frame: Buffer): void {
  const isClose = (frame[0]! & 0x0f) === 8;
  if (isClose) {
    socket.end(Buffer.from([0x88, 0]));
    return;
  }
  const start = (frame[1]! & 0x7f) === 126 ? 4 : 2;
  const text = Buffer.from(frame.subarray(start + 4));
  for (let index = 0; index < text.length; index++) text[index]! ^= frame[start + (index % 4)]!;
  const head = text.length < 126 ? Buffer.from([0x81, text.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (text.length >= 126) head.writeUInt16BE(text.length, 2);
  const whole = Buffer.concat([head, text]);
  const isForAll = text[0] === '*'.charCodeAt(0);
  for (const one of isForAll ? sockets : [socket]) one.write(whole);
}

server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);

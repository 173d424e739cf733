import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** A server on a loopback port, for what no real PostgreSQL at hand can be. Gives its URL. */
export async function fakeServer(serve: (socket: Socket) => void): Promise<{ url: string; close(): Promise<void> }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `postgresql://app:secret@127.0.0.1:${(server.address() as AddressInfo).port}/books`,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/**
 * Lets everybody in and ends the connection, as an administrator does: in the same packet as the welcome, or as the answer
 * to the first question, in which it says so twice.
 */
export function ending(when: 'welcome' | 'question'): (socket: Socket) => void {
  const ended = message('E', 'SFATAL\0', 'C57P01\0', 'Mterminating connection due to administrator command\0', '\0');
  return (socket) => {
    socket.once('data', () => {
      const welcome = Buffer.concat([message('R', int32(0)), message('Z', 'I')]);
      socket.write(when === 'welcome' ? Buffer.concat([welcome, ended]) : welcome);
      socket.on('data', () => socket.write(Buffer.concat([ended, ended])));
    });
  };
}

/**
 * Speaks just enough of https://www.postgresql.org/docs/current/protocol-message-formats.html to let everybody in and to
 * answer any question with one row of two texts.
 */
export function answering(row: readonly [version: string, encoding: string]): (socket: Socket) => void {
  return (socket) => {
    let started = false;
    socket.on('data', () => {
      if (!started) {
        started = true;
        socket.write(Buffer.concat([message('R', int32(0)), message('Z', 'I')]));
        return;
      }
      const columns = ['version', 'encoding'].map((name) => [`${name}\0`, Buffer.alloc(6), int32(25), Buffer.alloc(8)]);
      const values = row.map((value) => [int32(value.length), value]);
      socket.write(
        Buffer.concat([
          message('T', int16(2), ...columns.flat()),
          message('D', int16(2), ...values.flat()),
          message('C', 'SELECT 1\0'),
          message('Z', 'I'),
        ]),
      );
    });
  };
}

function message(type: string, ...parts: (string | Buffer)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  return int32(value).subarray(2);
}

/**
 * A canary: one port of this machine that hears whatever comes to it, TCP and UDP, and keeps account. The browsers of the leak
 * test are told that every name leads to it.
 */

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { networkInterfaces } from 'node:os';

/** An address that a call can leave by: browsers do not call over the loopback. Null where there is none. */
export const ownAddress = Object.values(networkInterfaces())
  .flat()
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address ?? null;

export async function openCanary() {
  const address = ownAddress ?? '127.0.0.1';
  let heard = [];
  const note = (way, text) => heard.push({ way, text });
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url, 'http://canary');
    const parts = [decodeURIComponent(search.slice(1))];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => note(pathname.slice(1), parts.join('')));
    response.end();
  });
  server.on('connection', () => note('connection', ''));
  server.on('upgrade', (request, socket) => (note(request.url.slice(1), ''), socket.destroy()));
  server.listen(0, address);
  await once(server, 'listening');
  const { port } = server.address();
  const udp = createSocket('udp4').on('message', () => note('webrtc', ''));
  udp.bind(port, address);
  await once(udp, 'listening');
  return {
    address,
    port,
    /** Forgets what was heard, and hangs up: a connection that is used again would not be heard as one. */
    reset() {
      server.closeAllConnections();
      heard = [];
    },
    /** The ways by which something came, by name. */
    ways: () => [...new Set(heard.map(({ way }) => way))].filter((way) => way !== 'favicon.ico').sort(),
    /** The ways by which the text came. */
    carriers: (text) => [...new Set(heard.filter((one) => one.text.includes(text)).map(({ way }) => way))].sort(),
    close() {
      udp.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

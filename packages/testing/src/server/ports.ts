import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

export const HOST = '127.0.0.1'

/** Starts to listen. Resolves with the port; rejects when it can't be had. */
export function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, HOST, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

/** A port on which nobody listens, and nobody will until it is released. */
export interface RefusedPort {
  readonly port: number
  release(): Promise<void>
}

/**
 * Finds a port that refuses connections. It is the local port of a connection that stays open: so the system hands it out to
 * no one else, which it might do with a port that was only closed.
 */
export async function reserveRefusedPort(): Promise<RefusedPort> {
  const peer = createServer((socket) => socket.on('error', () => {}))
  const probe = createServer()
  const [peerPort, port] = await Promise.all([listen(peer, 0), listen(probe, 0)])
  await new Promise((resolve) => probe.close(resolve))
  const held = await new Promise<Socket>((resolve, reject) => {
    const socket = connect({ host: HOST, port: peerPort, localAddress: HOST, localPort: port }, () => resolve(socket))
    socket.once('error', reject)
  })
  held.on('error', () => {})
  return {
    port,
    release: () => {
      held.resetAndDestroy()
      return new Promise((resolve) => peer.close(() => resolve()))
    },
  }
}

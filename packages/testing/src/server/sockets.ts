import type { Server, Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'

/** One TCP connection. */
export interface Wire {
  /** Counted from 1. */
  readonly id: number
  /** The connection itself, also under TLS. */
  readonly socket: Socket
  /** Whether the server ended it: what breaks off then was not aborted by the client. */
  ended: boolean
}

/** The connections of a server. */
export interface Sockets {
  /** How many are open. */
  readonly open: number
  /** How many have been accepted since the last `recount`. */
  readonly total: number
  /** Resets what is accepted from now on instead of serving it. */
  rejecting: boolean
  /** The connection that a request came on. */
  wireOf(socket: Socket): Wire
  /** Ends all that are open. */
  endAll(): void
  recount(): void
}

/** Follows the connections of a server, plain or TLS. Must be called before it listens. */
export function trackSockets(server: Server, changed: () => void): Sockets {
  const open = new Map<Socket, Wire>()
  const secured = new WeakMap<Socket, Wire>()
  let accepted = 0
  let before = 0

  const add = (socket: Socket): Wire => {
    const wire: Wire = { id: ++accepted, socket, ended: false }
    open.set(socket, wire)
    socket.on('error', () => {})
    socket.once('close', () => {
      open.delete(socket)
      changed()
    })
    return wire
  }

  const sockets: Sockets = {
    get open() {
      return open.size
    },
    get total() {
      return accepted - before
    },
    rejecting: false,
    wireOf: (socket) => open.get(socket) ?? secured.get(socket) ?? { id: 0, socket, ended: false },
    endAll: () => {
      for (const wire of open.values()) {
        wire.ended = true
        wire.socket.destroy()
      }
    },
    recount: () => {
      before = accepted - open.size
    },
  }

  server.prependListener('connection', (socket: Socket) => {
    if (sockets.rejecting) {
      socket.on('error', () => {})
      socket.resetAndDestroy()
      return
    }
    add(socket)
    changed()
  })
  // Node does not say which connection a TLS socket runs on; the peer's port does.
  server.on('secureConnection', (secure: TLSSocket) => {
    const wire = [...open.values()].find(({ socket }) => socket.remotePort === secure.remotePort)
    if (wire !== undefined) secured.set(secure, wire)
  })
  return sockets
}

import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

/** Starts a server on loopback, stops it when the test is over, and gives its port. */
export async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  return (server.address() as AddressInfo).port
}

/** A raw TCP server that does what it is told as soon as the request has come in. Gives its URL. */
export async function onRequest(react: (socket: Socket) => void, scheme = 'http'): Promise<string> {
  const port = await listen(createServer((socket) => void socket.once('data', () => react(socket))))
  return `${scheme}://127.0.0.1:${port}/`
}

/** What a call throws. Fails if it does not. */
export async function failure(call: () => Promise<unknown>): Promise<unknown> {
  try {
    await call()
  } catch (error) {
    return error
  }
  throw new Error('the call was expected to fail')
}

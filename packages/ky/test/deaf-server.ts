import { createServer } from 'node:net'

// Listens with the shortest backlog, then blocks its only thread, so that it never accepts.
const server = createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  const { port } = server.address() as { port: number }
  process.send?.(port, () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
})

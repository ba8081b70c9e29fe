import { spawn } from 'node:child_process'
import { connect, type Socket } from 'node:net'

/** A port that answers a connection neither with yes nor with no. */
export interface StalledPort {
  readonly url: string
  close(): void
}

// The system accepts on behalf of a program until the queue is full. This one never takes anything out of its queue.
const LISTENER = `
const server = require('node:net').createServer()
server.listen({ host: '127.0.0.1', port: 0, backlog: 1 }, () => {
  require('node:fs').writeSync(1, server.address().port + '\\n')
  // Not for ever: its parent may be gone.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_800_000)
  process.exit()
})`

const PATIENCE = 250
const MOST = 8

/** Opens one, by filling a queue. `undefined` where the system goes on accepting. */
export async function openStalledPort(): Promise<StalledPort | undefined> {
  const child = spawn(process.execPath, ['-e', LISTENER], { stdio: ['ignore', 'pipe', 'ignore'] })
  const filling: Socket[] = []
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  const close = () => {
    process.off('exit', kill)
    kill()
    for (const socket of filling) socket.destroy()
  }
  const port = await new Promise<number>((resolve) => {
    child.stdout.once('data', (line: Buffer) => resolve(Number(line.toString())))
    child.once('close', () => resolve(0))
  })
  for (let count = 0; port !== 0 && count < MOST; count++) {
    const socket = connect(port, '127.0.0.1')
    filling.push(socket)
    if (await isStalled(socket)) return { url: `http://127.0.0.1:${port}`, close }
  }
  close()
  return undefined
}

function isStalled(socket: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), PATIENCE)
    const settle = () => {
      clearTimeout(timer)
      resolve(false)
    }
    socket.on('error', settle)
    socket.once('connect', settle)
  })
}

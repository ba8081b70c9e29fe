import { randomUUID } from 'node:crypto'
import { open, readFile, rm, stat } from 'node:fs/promises'
import { TokenError } from './errors.ts'
import { poll } from './poll.ts'
import type { LockBounds } from './types.ts'

/** A lock that takes itself out of the way of a dead one is held for a moment only: so old, its process died too. */
const BREAKER_LEASE = 2_000

/**
 * Runs `work` while this process alone has `file`, which only one can create (`O_EXCL`). A file that is older than the lease was
 * left by a process that died, and is removed. For a local disk: the times and the exclusive creation of network drives are not
 * to be relied on.
 */
export async function withLockFile<T>(file: string, work: () => Promise<T>, { signal, lease }: LockBounds): Promise<T> {
  const owner = randomUUID()
  await poll(async () => {
    if (await create(file, owner)) return true
    if (await isOlder(file, lease)) await breakLock(file, lease)
    return undefined
  }, signal)
  try {
    return await work()
  } finally {
    // One who held it for longer than the lease has lost it, perhaps to another.
    if ((await readFile(file, 'utf8').catch(() => '')) === owner) {
      // What goes wrong here ends with the lease.
      await rm(file, { force: true }).catch(() => {})
    }
  }
}

/** Only one of those who found the lock too old may remove it, and only after another look: it may be a new one by now. */
async function breakLock(file: string, lease: number): Promise<void> {
  const breaker = `${file}.break`
  if (!(await create(breaker, ''))) {
    if (await isOlder(breaker, BREAKER_LEASE)) await rm(breaker, { force: true })
    return
  }
  try {
    if (await isOlder(file, lease)) await rm(file, { force: true })
  } finally {
    await rm(breaker, { force: true })
  }
}

async function create(file: string, content: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx', 0o600)
    try {
      await handle.writeFile(content)
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'EEXIST') return false
    if (code === 'ENOENT') throw new TokenError('STORE', `${file}: its directory is not there. Make it first.`)
    throw error
  }
}

async function isOlder(file: string, age: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(file)).mtimeMs > age
  } catch {
    // It is gone.
    return false
  }
}

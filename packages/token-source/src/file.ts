import { randomUUID } from 'node:crypto'
import { open, rename, rm } from 'node:fs/promises'
import { checkOneOf, checkOptions, OptionError } from '@fetchstack/options'
import { TokenError } from './errors.ts'
import { withLockFile } from './lock-file.ts'
import { decodeToken, encodeToken } from './token.ts'
import type { StoredToken, TokenStore } from './types.ts'

/** Options of {@link fileStore}. */
export interface FileStoreOptions {
  /**
   * What to do with a file that others than its owner can read. `error`: refuse it. `fix`: take their rights away. Windows has no such
   * rights: nothing is checked there. Default `error`.
   */
  readonly mode?: 'error' | 'fix'
}

/** How old the lock of a write may get, and how long one is waited for: longer, so that a process that died loses nobody a token. */
const WRITE_LEASE = 5_000
const WRITE_WAIT = 15_000

/**
 * Keeps a token in a file that only its owner can read (mode 0600), for all processes of one machine. The secrets in it are in clear
 * text. Written as a whole: to a file beside it, which then takes its name. The lock is a file too, `<file>.lock`.
 *
 * A file that is no token is refused and left as it is. For a local disk only: a lock file does not hold on a network drive.
 *
 * @param file - Its path. The directory must be there.
 * @throws {OptionError} When it is made: an argument can't be used.
 * @throws {TokenError} As a rejection of what the store is asked, `STORE`: the file can't be read or written, is no token, or others
 *   can read it. Nothing of its content is in the message.
 * @example
 * ```ts
 * import { makeToken, tokenSource } from '@fetchstack/token-source'
 * import { fileStore } from '@fetchstack/token-source/file'
 *
 * const store = fileStore('/var/lib/my-app/token.json')
 * const source = tokenSource(async () => makeToken({ value: 'eyJhbGciOi' }), { store })
 * ```
 */
export function fileStore(file: string, options: FileStoreOptions = {}): TokenStore {
  if (typeof file !== 'string' || file === '') throw new OptionError('fileStore', 'file', 'file must be a path.')
  checkOptions('fileStore', options, ['mode'])
  const { mode = 'error' } = options
  checkOneOf('fileStore', 'mode', mode, ['error', 'fix'])

  const load = (): Promise<StoredToken | undefined> => reading(file, mode)
  return {
    load,
    compareAndSet: (version, next) =>
      // A lock of its own, so that it also holds for whoever writes without having refreshed, such as a login.
      withLockFile(
        `${file}.write`,
        async () => {
          const before = await load()
          if (before?.version !== version) {
            if (before !== undefined) return { won: false, stored: before }
            // It was deleted meanwhile: there is no winner whose token could be taken.
          }
          const stored = { token: next, version: randomUUID() }
          await writing(file, `{"version":"${stored.version}","token":${encodeToken(next)}}\n`)
          return { won: true, stored }
        },
        { signal: AbortSignal.timeout(WRITE_WAIT), lease: WRITE_LEASE },
      ),
    lock: (work, bounds) => withLockFile(`${file}.lock`, work, bounds),
  }
}

async function reading(file: string, mode: 'error' | 'fix'): Promise<StoredToken | undefined> {
  let text: string
  try {
    const handle = await open(file, 'r')
    try {
      const { mode: rights } = await handle.stat()
      if ((rights & 0o077) !== 0 && process.platform !== 'win32') {
        if (mode === 'error')
          throw new TokenError('STORE', `${file} can be read by others than its owner: run chmod 600.`)
        await handle.chmod(0o600)
      }
      text = await handle.readFile('utf8')
    } finally {
      await handle.close()
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  const stored = decoded(text)
  if (stored !== undefined) return stored
  throw new TokenError(
    'STORE',
    `${file} holds no token. It was left as it is: look at it, and remove it to start over.`,
  )
}

function decoded(text: string): StoredToken | undefined {
  let record: Partial<Record<'version' | 'token', unknown>>
  try {
    record = JSON.parse(text) as typeof record
  } catch {
    // Not kept as a cause: a syntax error quotes the text, and the text holds secrets.
    return undefined
  }
  const token = decodeToken(JSON.stringify(record?.token ?? null))
  return token && typeof record.version === 'string' ? { token, version: record.version } : undefined
}

/** Another process sees the old content or the new, and a crash leaves one of them. */
async function writing(file: string, text: string): Promise<void> {
  const beside = `${file}.${randomUUID()}.tmp`
  try {
    const handle = await open(beside, 'wx', 0o600)
    try {
      await handle.writeFile(text)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(beside, file)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

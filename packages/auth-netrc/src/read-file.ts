import { constants, type Stats } from 'node:fs'
import { open } from 'node:fs/promises'
import { NetrcError } from './errors.ts'
import { type NetrcEntry, parseNetrc } from './parse.ts'

const LARGEST = 2 ** 20

/** The content of a file, and which state of it that is. */
export interface NetrcFile {
  readonly entries: readonly NetrcEntry[]
  readonly version: string
}

/**
 * Reads and parses the file. What is checked is the file that is read, not one that was there before.
 *
 * @param known - What is remembered. The same object comes back when the file has not changed since.
 */
export async function readNetrc(file: string, mode: 'error' | 'any', known?: NetrcFile): Promise<NetrcFile> {
  try {
    // Windows has no such flag, and no such pipes. Elsewhere, to open a pipe would wait for a writer, and hold one of four threads.
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    try {
      const stats = await handle.stat()
      check(file, stats, mode)
      const version = [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join()
      if (known?.version === version) return known
      return { version, entries: parse(file, await handle.readFile()) }
    } finally {
      await handle.close()
    }
  } catch (error) {
    if (error instanceof NetrcError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw code === 'ENOENT'
      ? new NetrcError('MISSING', file, 'there is no such file.')
      : new NetrcError('READ', file, `it can't be read (${code ?? 'unknown'}).`)
  }
}

function check(file: string, stats: Stats, mode: 'error' | 'any'): void {
  if (!stats.isFile() || stats.size > LARGEST) {
    throw new NetrcError('READ', file, 'it must be a plain file of at most 1 MiB.')
  }
  // Windows has rights of another kind.
  if (mode === 'error' && (stats.mode & 0o077) !== 0 && process.platform !== 'win32') {
    throw new NetrcError(
      'MODE',
      file,
      `others than its owner can read or change it: run chmod 600, or set mode to 'any'.`,
    )
  }
}

function parse(file: string, bytes: Uint8Array): NetrcEntry[] {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new NetrcError('SYNTAX', file, 'it is not in UTF-8.')
  }
  return parseNetrc(text, (problem, line) => new NetrcError('SYNTAX', file, problem, line))
}

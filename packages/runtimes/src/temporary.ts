import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder for the time of a run. */
export interface TemporaryFolder {
  readonly path: string
  /** Safe to call twice. Called when the process exits. */
  remove(): void
}

/** Makes an empty folder whose name starts with `fetchstack-` and `purpose`. */
export function temporaryFolder(purpose: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `fetchstack-${purpose}-${process.pid}-`))
  // A program that was just ended may still write.
  const removeNow = () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  process.once('exit', removeNow)
  return {
    path,
    remove: () => {
      process.off('exit', removeNow)
      removeNow()
    },
  }
}

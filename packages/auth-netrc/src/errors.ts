/**
 * What is wrong with the file.
 * - `MISSING`: there is none.
 * - `MODE`: others than its owner can read it.
 * - `READ`: it can't be read, is no plain file, or is larger than 1 MiB.
 * - `SYNTAX`: it is no netrc file, from `line` on.
 * - `VALUE`: the login or the password of `line` can't be sent as Basic (RFC 7617 §2).
 */
export type NetrcErrorKind = 'MISSING' | 'MODE' | 'READ' | 'SYNTAX' | 'VALUE'

/** The netrc file can't be used. Nothing of its content is in the message: what is in the wrong place may be a password. */
export class NetrcError extends Error {
  override readonly name = 'NetrcError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code: `FETCHSTACK_NETRC_${NetrcErrorKind}`
  /** Its absolute path. */
  readonly file: string
  /** Counted from 1; `undefined` where it is about the whole file. */
  readonly line: number | undefined

  constructor(kind: NetrcErrorKind, file: string, problem: string, line?: number) {
    super(`netrc: ${file}${line === undefined ? '' : `, line ${line}`}: ${problem}`)
    this.code = `FETCHSTACK_NETRC_${kind}`
    this.file = file
    this.line = line
  }
}

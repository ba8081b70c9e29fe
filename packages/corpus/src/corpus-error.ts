/** Thrown when a file of the corpus is not as it has to be. The message says which file, where in it, and what is wrong. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError'
  readonly code = 'FETCHSTACK_INVALID_CORPUS'
  /** The file, as it was named. */
  readonly file: string
  /** Where, as a JSON pointer (RFC 6901): `/rows/3/outcome`. Empty for the file as a whole. */
  readonly pointer: string
  /** The row's or case's own name, where it has one: `status/503/get`. */
  readonly row: string | undefined

  constructor(file: string, pointer: string, row: string | undefined, wrong: string, options?: ErrorOptions) {
    super(`${file}${row === undefined ? '' : `, row ${row}`}${pointer ? `, at ${pointer}` : ''}: ${wrong}`, options)
    this.file = file
    this.pointer = pointer
    this.row = row
  }
}

import { parseArgs } from 'node:util'

/** A command line that can't be meant. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export interface Arguments {
  /** The clients to run; all when none was named. */
  readonly clients: readonly string[]
  /** Compare the document instead of writing it. */
  readonly check: boolean
  /** Where to write the counts. */
  readonly json: string | undefined
  readonly help: boolean
}

/** @throws {UsageError} An option or a client is not known, or they don't go together. */
export function readArguments(argv: readonly string[], known: readonly string[]): Arguments {
  const { values, positionals } = parse(argv)
  const unknown = positionals.filter((name) => !known.includes(name))
  if (unknown.length > 0) {
    throw new UsageError(`No such client: ${unknown.join(', ')}. There are: ${known.join(', ')}.`)
  }
  const { check = false, json, help = false } = values
  if (check && positionals.length > 0) {
    throw new UsageError('--check compares the whole document: leave out the names of clients.')
  }
  return { clients: positionals.length > 0 ? positionals : known, check, json, help }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      // `pnpm test:clients -- ky` hands the dashes on.
      args: argv.filter((argument) => argument !== '--'),
      allowPositionals: true,
      options: { check: { type: 'boolean' }, json: { type: 'string' }, help: { type: 'boolean' } },
    })
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

export const usage = `test:clients [<client>...] [--check] [--json <file>]

Runs real clients over one stack against a server with faults, and prints what each can do. With all clients, and when
nothing failed, it writes docs/clients.md.

  <client>       only these, and no document
  --check        fails when docs/clients.md is not what this run gives, instead of writing it
  --json <file>  the counts, as vitest's JSON reporter has them
  --help         this text
`

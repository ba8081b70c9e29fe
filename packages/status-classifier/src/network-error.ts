import { networkTable } from './network-table.ts'
import { type Clue, find } from './row.ts'
import type { Verdict } from './types.ts'

/** What an error has in most cases. Nothing of it is sure, hence the `try` around it. */
interface Thrown {
  readonly name: string
  readonly message: string
  readonly cause?: unknown
  readonly code?: unknown
  readonly syscall?: string
  readonly errors?: unknown
  readonly hostname?: string
  readonly host?: string
  readonly address?: string
  readonly port?: number | string
}

/**
 * The verdict on whatever was thrown by a request to `url`. Never throws: an error whose properties can't be read is `unknown`.
 * Looks at no more than 16 errors of its `cause`s and `errors`. The evidence holds no message, for messages quote URLs.
 */
export function classifyError(thrown: unknown, url?: string): Verdict {
  const chain = [thrown]
  const clues: Clue[] = []
  let first: string | undefined
  let redirected = false
  for (let i = 0; i < chain.length && i < 16; i++) {
    try {
      const one = chain[i] as Thrown
      const { code, syscall, name, message, cause, errors } = one
      const parts: unknown[] = Array.isArray(errors) ? errors.slice(0, 8) : []
      // An AggregateError repeats the code of a part, but not the syscall that says how far it got.
      if (typeof code === 'string' && !parts[0]) {
        const named = (syscall ? `${code} (${syscall})` : code).slice(0, 60)
        first ??= code
        clues.push([syscall === 'connect' ? syscall : named, named])
      }
      clues.push([`${name}: ${message}`.slice(0, 500) + '\n'])
      chain.push(cause, ...parts)
      redirected ||= isElsewhere(one, new URL(url!))
    } catch {
      // A getter, a proxy or a symbol: nothing can be learned from this one. Or the URL is not known.
    }
  }
  const verdict = find(networkTable, 'error', clues)
  return {
    ...verdict,
    // What was called did answer, and may have acted: it redirected to where nobody is.
    ...(redirected && verdict.retry === 'any' && { processed: 'maybe', retry: 'idempotent' }),
    ...(first && { code: first }),
  }
}

/**
 * Whether an error tells of another place than the one that was called. Node and Bun tell the name that has no address, Node the
 * port, and the address that is the name where that is an address; its TLS the host, and undici all of it in a sentence.
 * Deno tells the URL, without the user name.
 */
function isElsewhere({ message, hostname, host, address, port }: Thrown, called: URL): boolean {
  const name = called.hostname.replace(/^\[|]$/g, '')
  const number = called.port || (called.protocol === 'http:' ? 80 : 443)
  const [, many, at, to] = / address(es)?: ([^,]+):(\d+),/.exec(message) ?? []
  return (
    (hostname || host || (many ? '' : at) || (/^[\d.]+$|:/.test(name) && address) || name) !== name ||
    // A number or a text, by who tells it.
    String(port || to || number) !== String(number) ||
    (/ url \((\w+:..[^/]+)/.exec(message)?.[1] ?? called.origin) !== called.origin
  )
}

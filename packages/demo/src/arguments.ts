import { parseArgs } from 'node:util'

/** What was asked for on the command line. */
export interface Arguments {
  readonly seed: number
  readonly url: URL | undefined
  readonly key: string | undefined
  readonly help: boolean
}

export const HELP = `Usage: npx -y pnpm@12 demo [options]

Shows one handler stack get a ky client and a plain fetch through a failing HTTP API.

  --seed N     Repeats a run: the same waits. Default: a new one, which is printed.
  --url URL    Sends a GET through the same stack to an endpoint of yours instead.
  --key KEY    With --url: sent as x-api-key, to that origin only.
  --help       This text.`

/** @throws {Error} An argument can't be used; the message says which and what it takes. */
export function readArguments(args: readonly string[]): Arguments {
  const { values } = parseArgs({
    // pnpm hands on the -- that separates its own arguments from these.
    args: args.filter((argument, index) => index > 0 || argument !== '--'),
    options: {
      seed: { type: 'string' },
      url: { type: 'string' },
      key: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
    strict: true,
  })
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed)
  if (!Number.isInteger(seed) || seed < 0 || values.seed === '') {
    throw new Error(`--seed takes a whole number of at least 0, got "${values.seed}".`)
  }
  if (values.key !== undefined && values.url === undefined) throw new Error('--key goes with --url.')
  return { seed, url: values.url === undefined ? undefined : readUrl(values.url), key: values.key, help: values.help }
}

function readUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
    throw new Error('--url takes an absolute http or https URL without user name and password.')
  }
  return url
}

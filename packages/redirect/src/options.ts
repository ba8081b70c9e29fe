import {
  type Call,
  type Clock,
  type CredentialNames,
  type HttpRequest,
  redactUrl,
  systemClock,
} from '@fetchstack/handler-stack'
import { checkFunction, checkNumber, checkOneOf, checkOptions, OptionError, refuse } from '@fetchstack/options'
import type { Redirect } from './history.ts'

/**
 * Looks at a redirect before it is followed. Gives nothing to follow it as it is, another request to send that one, or `false`:
 * then the redirect is the response. What it throws rejects the call.
 *
 * @param next - What would be sent: the method changed and credentials left behind, where that is due.
 */
export type OnRedirect = (
  next: HttpRequest,
  redirect: Redirect,
  response: Response,
  call: Call,
) => HttpRequest | false | void

/** Options of {@link redirect}. */
export interface RedirectOptions {
  /** At most how many redirects are followed in a row. Default 20, as in the Fetch standard. */
  readonly max?: number
  /** To which protocols a redirect may lead. Default `['http', 'https']`. */
  readonly protocols?: readonly ('http' | 'https')[]
  /** What happens when it leads from https to http. Default `'error'`. */
  readonly downgrade?: 'error' | 'follow'
  /** Whether it must stay within the origin: scheme, host and port. Default `false`. */
  readonly sameOrigin?: boolean
  /** Whether a 301 or 302 keeps POST and its body, as the RFCs once meant. Default `false`: it becomes GET, as everywhere. */
  readonly strict?: boolean
  /**
   * Whether the next request says in `Referer` where it comes from: the whole URL within the origin, only the origin elsewhere,
   * never from https to http, and never a user name, a fragment or a query parameter that holds a credential. Default `false`.
   */
  readonly referer?: boolean
  /** Whether {@link redirectsOf} knows of the response. Default `true`. */
  readonly track?: boolean
  /** Headers and query parameters that stay within the origin, besides those that do anyway. Names in any case. Default: none. */
  readonly sensitive?: CredentialNames
  /** Headers and query parameters that may go along to an origin: `{ 'https://cdn.example.com': ['x-trace-token'] }`. Default: none. */
  readonly keep?: Readonly<Record<string, readonly string[]>>
  /**
   * Milliseconds that the `Retry-After` of a redirect may ask to wait; what is longer is an error at once. `false`: nothing is
   * waited for, as `fetch` does. Default 60,000.
   */
  readonly retryAfter?: number | false
  /**
   * What happens in a browser, which does not show where a redirect leads. `follow`: it is asked again and left to the browser
   * where that is harmless, else it is an error. Default `'follow'`.
   */
  readonly opaque?: 'follow' | 'error'
  /** Default: none. */
  readonly onRedirect?: OnRedirect
  /** Default: the machine's own time. */
  readonly clock?: Clock
}

/** What one call can set: any option in place of the stack's, or `false`: the redirect is the response. */
export type RedirectCallOptions = RedirectOptions | false

/** Options, checked and complete. */
export interface Setting extends Required<Omit<RedirectOptions, 'sensitive' | 'keep' | 'onRedirect'>> {
  readonly onRedirect: OnRedirect | undefined
  readonly sensitive: { readonly headers: readonly string[]; readonly query: readonly string[] }
  readonly keep: Readonly<Record<string, readonly string[]>>
}

const KNOWN = [
  'max',
  'protocols',
  'downgrade',
  'sameOrigin',
  'strict',
  'referer',
  'track',
  'sensitive',
  'keep',
  'retryAfter',
  'opaque',
  'onRedirect',
  'clock',
]

/** The options of a stack with those of one call in their place. @throws {OptionError} */
export function withChanges(options: RedirectOptions, changes: RedirectOptions): Setting {
  checkOptions('redirect', changes, KNOWN)
  const set = Object.entries(changes).filter(([, value]) => value !== undefined)
  return readOptions({ ...options, ...Object.fromEntries(set) })
}

/** @throws {OptionError} An option is unknown, out of range or contradicts another. */
export function readOptions(options: RedirectOptions): Setting {
  checkOptions('redirect', options, KNOWN)
  const {
    max = 20,
    protocols = ['http', 'https'],
    downgrade = 'error',
    sameOrigin = false,
    strict = false,
    referer = false,
    track = true,
    sensitive = {},
    keep = {},
    retryAfter = 60_000,
    opaque = 'follow',
    onRedirect,
    clock = systemClock,
  } = options
  checkNumber('redirect', 'max', max, { integer: true })
  if (!Array.isArray(protocols) || protocols.length === 0)
    refuse('redirect', 'protocols', protocols, 'a list, not empty')
  for (const protocol of protocols) checkOneOf('redirect', 'protocols', protocol, ['http', 'https'])
  checkOneOf('redirect', 'downgrade', downgrade, ['error', 'follow'])
  for (const [name, value] of Object.entries({ sameOrigin, strict, referer, track })) {
    checkOneOf('redirect', name, value, [true, false])
  }
  if (retryAfter !== false) checkNumber('redirect', 'retryAfter', retryAfter, { unit: 'milliseconds' })
  checkOneOf('redirect', 'opaque', opaque, ['follow', 'error'])
  if (onRedirect !== undefined) checkFunction('redirect', 'onRedirect', onRedirect)
  checkFunction('redirect', 'clock.setTimeout', clock?.setTimeout)
  if (downgrade === 'follow' && (sameOrigin || !protocols.includes('http'))) {
    const other = sameOrigin ? 'sameOrigin' : 'protocols'
    throw new OptionError(
      'redirect',
      'downgrade',
      `downgrade: 'follow' has no effect with this ${other}: leave one out.`,
    )
  }
  if (sameOrigin && Object.keys(keep).length > 0) {
    throw new OptionError('redirect', 'keep', 'keep has no effect with sameOrigin: leave one out.')
  }
  checkOptions('redirect.sensitive', sensitive, ['headers', 'query'])
  const { headers = [], query = [] } = sensitive
  return {
    max,
    protocols,
    downgrade,
    sameOrigin,
    strict,
    referer,
    track,
    sensitive: { headers: names('sensitive.headers', headers), query: names('sensitive.query', query) },
    keep: readKeep(keep),
    retryAfter,
    opaque,
    onRedirect,
    clock,
  }
}

function readKeep(keep: object): Setting['keep'] {
  checkOptions('redirect.keep', keep, Object.keys(keep))
  return Object.fromEntries(
    Object.entries(keep).map(([rule, list]) => {
      const url = URL.canParse(rule) ? new URL(rule) : undefined
      // A star would be a host like any other to a URL parser, and fit nothing.
      if (!url || url.href !== `${url.origin}/` || rule.includes('*')) {
        const got = redactUrl(rule)
        throw new OptionError('redirect', 'keep', `keep goes by origins like 'https://cdn.example.com'; got "${got}".`)
      }
      return [url.origin, names(`keep["${url.origin}"]`, list)]
    }),
  )
}

function names(option: string, list: unknown): string[] {
  if (!Array.isArray(list) || !list.every((name) => typeof name === 'string' && name !== '')) {
    refuse('redirect', option, list, 'a list of names')
  }
  return (list as string[]).map((name) => name.toLowerCase())
}

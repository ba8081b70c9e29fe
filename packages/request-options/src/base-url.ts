import { type FetchFunction, type FetchInput, redactUrl } from '@fetchstack/handler-stack'
import { checkFunction, checkOneOf, checkOptions, OptionError } from '@fetchstack/options'

/** Options of `withBaseUrl`. */
export interface BaseUrlOptions {
  /**
   * What happens when a reference leads to another origin than the base, by whatever spelling: `https://other.example/`,
   * `//other.example/`, `/\other.example`. `error`: the call is rejected. `follow`: it goes there. Default `'error'`.
   */
  readonly otherOrigins?: 'error' | 'follow'
  /** What happens when a reference leads above the path of the base (`../`, `/admin`). Default `'follow'`, as RFC 3986 has it. */
  readonly outside?: 'error' | 'follow'
}

/** A reference that leads where the base URL does not allow it. A `TypeError`, as `fetch` gives for a URL that it can't use. */
export class BaseUrlError extends TypeError {
  override readonly name = 'BaseUrlError' as const
  /** Stable, for code that can't use `instanceof`. */
  readonly code = 'FETCHSTACK_BASE_URL' as const
}

/**
 * A fetch that resolves what it is given against a base, by the rules of RFC 3986 §5 (Guzzle's `base_uri`): with the base
 * `https://api.example.com/v1/`, `videos` is `/v1/videos` and `/videos` is `/videos`. A base without a slash at its end loses its last
 * segment; end it with one.
 *
 * References to other origins are refused, since what is put into a path often comes from outside. A `Request` has an absolute URL
 * already: that is checked, and not changed. It stands around a fetch, not in a stack: middleware see absolute URLs only.
 *
 * @param fetch - Any fetch: a stack's, or the platform's.
 * @param base - Absolute, http or https, without user name, password, query and fragment.
 * @throws {OptionError} When it is made: the base or an option can't be used.
 * @throws {BaseUrlError} As a rejection: the reference leads elsewhere, or can't be resolved.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { withBaseUrl } from '@fetchstack/request-options'
 *
 * const api = withBaseUrl(HandlerStack.create().toFetch(), 'https://api.example.com/v1/')
 * const response = await api('videos?page=2') // https://api.example.com/v1/videos?page=2
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function withBaseUrl<Fetch extends (input: never, init?: never) => Promise<Response>>(
  fetch: Fetch,
  base: string | URL,
  options: BaseUrlOptions = {},
): Fetch {
  checkFunction('withBaseUrl', 'fetch', fetch)
  checkOptions('withBaseUrl', options, ['otherOrigins', 'outside'])
  const { otherOrigins = 'error', outside = 'follow' } = options
  checkOneOf('withBaseUrl', 'otherOrigins', otherOrigins, ['error', 'follow'])
  checkOneOf('withBaseUrl', 'outside', outside, ['error', 'follow'])
  const root = readBase(base)
  const folder = root.pathname.replace(/[^/]*$/, '')

  const fetchFrom = async (input: FetchInput, init?: object): Promise<Response> => {
    const target = isRequest(input) ? input.url : resolve(String(input), root)
    const url = new URL(target)
    const refuse = (problem: string): never => {
      throw new BaseUrlError(`"${redactUrl(target)}" ${problem} "${root.origin}${folder}".`)
    }
    // A blob's origin is that of its page.
    if (otherOrigins === 'error' && (url.origin !== root.origin || url.protocol !== root.protocol)) {
      refuse('has another origin than the base')
    }
    if (outside === 'error' && url.origin === root.origin && !url.pathname.startsWith(folder))
      refuse('is outside of the base')
    return (fetch as unknown as FetchFunction)(isRequest(input) ? input : target, init)
  }
  // What hangs on the fetch (Bun's `preconnect`) stays reachable.
  return Object.assign(fetchFrom as unknown as Fetch, fetch)
}

function readBase(base: unknown): URL {
  const text = String(base)
  let url: URL | undefined
  try {
    url = new URL(text)
  } catch {}
  const plain = url && /^https?:$/.test(url.protocol) && !(url.username || url.password || url.search || url.hash)
  if (!url || !plain) {
    throw new OptionError(
      'withBaseUrl',
      'base',
      `base must be like 'https://api.example.com/v1/', without user name, password, query and fragment; got "${redactUrl(text)}".`,
    )
  }
  return url
}

function resolve(reference: string, root: URL): string {
  try {
    return new URL(reference, root).href
  } catch {
    // Not as its cause: the runtime's own error has the whole text, a password too.
    throw new BaseUrlError(`"${redactUrl(reference)}" can't be resolved against "${root.origin}".`)
  }
}

function isRequest(input: unknown): input is Request {
  return Boolean((input as Request | null)?.clone && (input as Request).method)
}

import { type DescribedMiddleware, defineMiddleware, type HttpRequest } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'

/** Default headers by name. A function is asked for each request; `undefined` and `null` leave the header out. */
export type DefaultHeaders = Readonly<
  Record<string, string | null | undefined | ((request: HttpRequest) => string | null | undefined)>
>

// RFC 9110 §5.6.2: token.
const token = /^[\w!#$%&'*+.^`|~-]+$/

/**
 * Sets headers that the request does not have. The caller's own win, whatever their case.
 *
 * The per-call option is a set of defaults that comes before these: `null` there unsets a default for one call. In the headers of the
 * call itself `null` would be sent, as the text "null".
 *
 * @throws {OptionError} When it is made, or as a rejection for a per-call option: a name or a value can't be a header.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { defaultHeaders } from '@fetchstack/request-options'
 *
 * const api = HandlerStack.create()
 *   .push(defaultHeaders({ accept: 'application/json', 'user-agent': 'my-app/1.0' }))
 *   .toFetch()
 * await api('https://api.example.com/feed', { fetchstack: { 'default-headers': { accept: null } } })
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function defaultHeaders(headers: DefaultHeaders): DescribedMiddleware<'default-headers', DefaultHeaders> {
  checkHeaders(headers)
  // A copy: what is changed afterwards would be sent unchecked.
  const defaults = Object.entries(headers)
  return defineMiddleware<'default-headers', DefaultHeaders>(
    {
      name: 'default-headers',
      label: `defaultHeaders(${Object.keys(headers).join(', ')})`,
      checkCallOption: checkHeaders,
    },
    (next, name) =>
      function defaultHeaders(request, call) {
        try {
          const own = call.options[name] as DefaultHeaders | undefined
          let filled = request
          const unset = new Set<string>()
          for (const [header, value] of own ? [...Object.entries(own), ...defaults] : defaults) {
            const key = header.toLowerCase()
            if (unset.has(key) || filled.header(header) !== undefined) continue
            const given = typeof value === 'function' ? value(request) : value
            if (given === null || given === undefined) unset.add(key)
            else filled = filled.withHeader(header, checkValue(header, given))
          }
          return next(filled, call)
        } catch (error) {
          return Promise.reject(error)
        }
      },
  )
}

function checkHeaders(headers: unknown): asserts headers is DefaultHeaders {
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers) || headers instanceof Headers) {
    throw new OptionError(
      'defaultHeaders',
      'headers',
      "headers must be an object, like { accept: 'application/json' }.",
    )
  }
  for (const [name, value] of Object.entries(headers)) {
    if (!token.test(name)) throw new OptionError('defaultHeaders', name, `"${name}" can't be the name of a header.`)
    if (value !== null && value !== undefined && typeof value !== 'function') checkValue(name, value)
  }
}

/** The value is left out of the message: it may be a credential. */
function checkValue(name: string, value: unknown): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: NUL, CR and LF are what must not be there (RFC 9110 §5.5).
  if (typeof value !== 'string' || /[\0\r\n]|[^\0-\xff]/.test(value)) {
    throw new OptionError(
      'defaultHeaders',
      name,
      `${name} must be a string that can be sent: Latin-1, without line breaks.`,
    )
  }
  return value
}

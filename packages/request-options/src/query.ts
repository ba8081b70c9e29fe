import { type DescribedMiddleware, defineMiddleware } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'

/** A value of a parameter; a list repeats it, and `null` or `undefined` leaves it out. */
export type QueryValue = string | number | boolean | null | undefined | readonly (string | number | boolean)[]

/** Parameters by name. */
export type QueryParameters = Readonly<Record<string, QueryValue>>

/**
 * Adds query parameters that the URL does not have. The URL's own win.
 *
 * The per-call option **replaces** the whole query of the URL, as Guzzle's `query` does; the defaults are added to it where they are
 * missing. The rest of the URL stays as it was written, its fragment too.
 *
 * A secret belongs into a header, or into `apiKey` of `@fetchstack/auth`, which knows where it may go.
 *
 * @throws {OptionError} When it is made, or as a rejection for a per-call option: a value is no text, number or boolean.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { query } from '@fetchstack/request-options'
 *
 * const api = HandlerStack.create().push(query({ lang: 'en' })).toFetch()
 * await api('https://api.example.com/videos?page=1') // ?page=1&lang=en
 * await api('https://api.example.com/videos?page=1', { fetchstack: { query: { page: 2, tag: ['a', 'b'] } } }) // ?page=2&tag=a&tag=b&lang=en
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function query(defaults: QueryParameters = {}): DescribedMiddleware<'query', QueryParameters> {
  const added = pairs(defaults)
  return defineMiddleware<'query', QueryParameters>(
    {
      name: 'query',
      label: `query(${Object.keys(defaults).join(', ')})`,
      checkCallOption: (value) => void pairs(value),
    },
    (next, name) =>
      function query(request, call) {
        try {
          const own = call.options[name] as QueryParameters | undefined
          if (own === undefined && added.length === 0) return next(request, call)
          const [, address, given, fragment] = /^([^?#]*)\??([^#]*)(.*)$/s.exec(request.url)!
          const kept = own === undefined ? given! : String(new URLSearchParams(pairs(own)))
          const present = new URLSearchParams(`&${kept}`)
          const missing = String(new URLSearchParams(added.filter(([name]) => !present.has(name))))
          const text = [kept, missing].filter((part) => part !== '').join('&')
          const url = `${address}${text === '' ? '' : `?${text}`}${fragment}`
          return next(url === request.url ? request : request.with({ url }), call)
        } catch (error) {
          return Promise.reject(error)
        }
      },
  )
}

function pairs(parameters: unknown): [string, string][] {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    throw new OptionError('query', 'parameters', 'parameters must be an object, like { page: 2 }.')
  }
  return Object.entries(parameters).flatMap(([name, value]) => {
    if (value === null || value === undefined) return []
    return (Array.isArray(value) ? (value as unknown[]) : [value as unknown]).map((one): [string, string] => {
      if (!['string', 'number', 'boolean'].includes(typeof one)) {
        throw new OptionError(
          'query',
          name,
          `"${name}" must be a string, a number, a boolean or a list of these; got ${typeof one}.`,
        )
      }
      return [name, String(one)]
    })
  })
}

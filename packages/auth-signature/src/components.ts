import { checkOptions, refuse } from '@fetchstack/options'
import { type ComponentDescriptor, component, componentIdentity } from 'http-message-sig'

/**
 * A part of the request that is signed.
 * - A header by its name, `content-type`; with `key`, one member of a header that is a dictionary.
 * - `@method`, `@target-uri`, `@authority`, `@scheme`, `@path`, `@query` or `@request-target`.
 * - One parameter of the query, by its name before it is encoded. It must be there exactly once.
 */
export type Component = string | { readonly name: string; readonly key: string } | { readonly queryParam: string }

/** The components as the library takes them. */
export interface Covered {
  readonly components: readonly ComponentDescriptor[]
  /** What stands in for a query parameter, which the library does not know: its header names, and the parameters. */
  readonly queryParams: ReadonlyMap<string, string>
}

const STAND_IN = 'x-fetchstack-query-param-'

/** @throws {OptionError} One of them can't be signed, or is there twice. */
export function readComponents(given: readonly Component[]): Covered {
  const fail = (value: unknown, wanted: string): never => refuse('messageSignature', 'components', value, wanted)
  if (!Array.isArray(given) || given.length === 0) fail(given, 'a list with at least one component')
  const queryParams = new Map<string, string>()
  const seen = new Set<string>()
  const components = given.map((one) => {
    const { name, key, queryParam } = Object(typeof one === 'string' ? { name: one } : one) as Record<string, unknown>
    // A parameter of RFC 9421 that is not known here (`sf`, `bs`, `tr`) must not be passed over.
    if (Object(one) === one)
      checkOptions('messageSignature', one, queryParam === undefined ? ['name', 'key'] : ['queryParam'])
    try {
      if (name === '@status') throw new Error('A request has no status.')
      if (typeof queryParam === 'string') {
        const standIn = `${STAND_IN}${queryParams.size}`
        seenOnce(`?${encode(queryParam)}`)
        queryParams.set(standIn, queryParam)
        return component(standIn)
      }
      if (typeof name !== 'string') throw new Error('It has no name.')
      if (key !== undefined && typeof key !== 'string') throw new Error('Its key is no text.')
      const known = component(name, key === undefined ? {} : { key })
      seenOnce(componentIdentity(known))
      return known
    } catch (error) {
      return fail(name ?? one, `header names and parts of a request, each once (${(error as Error).message})`)
    }
  })
  return { components, queryParams }

  function seenOnce(identity: string): void {
    if (seen.has(identity)) throw new Error('It is there twice.')
    seen.add(identity)
  }
}

/** As it is signed (RFC 9421 §2.2.8): by the set of `application/x-www-form-urlencoded`, but a space is `%20`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!~'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/**
 * Puts query parameters where their stand-ins are, in a signature base or a `Signature-Input`. Only there: a quote within a string
 * has a backslash before it, and a header is on a line of its own.
 */
export function namingQueryParams(text: string, { queryParams }: Covered): string {
  return text.replace(/(?<=^|[( ])"(x-fetchstack-query-param-\d+)"(?=: |[ )])/gm, (whole: string, standIn: string) => {
    const name = queryParams.get(standIn)
    return name === undefined ? whole : `"@query-param";name="${encode(name)}"`
  })
}

import { checkFunction, checkNumber, checkOptions } from '@fetchstack/options'
import type { TokenSource } from './types.ts'

/** Options of {@link tokenSources}. */
export interface TokenSourcesOptions {
  /** How many sources are kept; those that refresh right now come on top. Default 1,000. */
  readonly max?: number
}

/**
 * A token source for each of many tenants: made when it is first asked for, and kept until `max` others were used since.
 *
 * One that refreshes right now is kept until it is done, so that nobody starts a second refresh with the same refresh token. One that
 * is dropped loses what it holds in memory: give the sources a store where refresh tokens rotate.
 *
 * @param key - Which tenant it is for, by what the result is called with. Compared as the keys of a `Map` are.
 * @param make - Makes the source of a tenant.
 * @throws {OptionError} When it is made: an argument can't be used.
 * @example
 * ```ts
 * import { makeToken, tokenSource, tokenSources } from '@fetchstack/token-source'
 *
 * const sourceOf = tokenSources(
 *   (tenant: string) => tenant,
 *   (tenant) => tokenSource(async () => makeToken({ value: `token-of-${tenant}` })),
 *   { max: 500 },
 * )
 * const token = await sourceOf('acme').get()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function tokenSources<Args extends readonly unknown[], Key, Source extends TokenSource>(
  key: (...args: Args) => Key,
  make: (key: Key) => Source,
  options: TokenSourcesOptions = {},
): (...args: Args) => Source {
  const owner = 'tokenSources'
  checkFunction(owner, 'key', key)
  checkFunction(owner, 'make', make)
  checkOptions(owner, options, ['max'])
  const { max = 1_000 } = options
  checkNumber(owner, 'max', max, { min: 1, integer: true })
  // The least recently used one first.
  const sources = new Map<Key, Source>()
  return function tokenSourceOf(...args: Args): Source {
    const tenant = key(...args)
    const source = sources.get(tenant) ?? make(tenant)
    sources.delete(tenant)
    for (const [other, { busy }] of sources as Map<Key, { readonly busy?: unknown }>) {
      if (sources.size < max) break
      if (busy !== true) sources.delete(other)
    }
    sources.set(tenant, source)
    return source
  }
}

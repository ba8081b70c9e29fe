import { OptionError, suggest } from '@fetchstack/options'
import { Call } from './call.ts'
import type { FetchFunction, Handler, StackFetch } from './contract.ts'
import { HttpRequest } from './http-request.ts'
import { type Layer, unfold } from './layer.ts'

type Init = Record<string, unknown> & { fetchstack?: unknown }

/** A plain `fetch` over a handler. Whatever goes wrong is a rejection, as with `fetch` itself. */
export function makeFetch<Options>(handler: Handler, layers: readonly Layer[], base: FetchFunction): StackFetch<Options> {
  const checks = callOptionChecks(layers)
  const stackFetch: StackFetch<Options> = (input, init) => {
    try {
      // Some clients hang what they don't know on the `Request` that they make (openapi-fetch).
      const options = (init as Init | undefined)?.fetchstack ?? (typeof input === 'string' ? undefined : (input as unknown as Init).fetchstack)
      const response =
        options === undefined
          ? handler(HttpRequest.from(input, init), new Call())
          : handler(HttpRequest.from(input, without(init as Init | undefined)), new Call(checkCallOptions(options, checks)))
      if (response === undefined) throw new TypeError('A middleware returned nothing: did it forget "return next(request, call)"?')
      return Promise.resolve(response)
    } catch (error) {
      return Promise.reject(error)
    }
  }
  // What a runtime hangs on its fetch (Bun's `preconnect`) stays reachable.
  const { length, name, prototype, ...statics } = Object.getOwnPropertyDescriptors(base) as PropertyDescriptorMap
  return Object.defineProperties(stackFetch, { ...statics, name: { value: 'fetch' } })
}

function without(init: Init | undefined): object | undefined {
  if (init === undefined) return undefined
  const { fetchstack: _, ...rest } = init
  return rest
}

type Checks = ReadonlyMap<string, (value: unknown) => void>

function callOptionChecks(layers: readonly Layer[]): Checks {
  const checks = new Map<string, (value: unknown) => void>()
  for (const { layer, info } of unfold(layers).rows) {
    if (info?.checkCallOption !== undefined) checks.set(layer.name ?? info.name, info.checkCallOption)
  }
  return checks
}

function checkCallOptions(options: unknown, checks: Checks): Readonly<Record<string, unknown>> {
  const takes = checks.size === 0 ? 'no layer of this stack takes any' : `this stack takes: ${[...checks.keys()].join(', ')}`
  if (typeof options !== 'object' || options === null) {
    throw new OptionError('fetch', 'fetchstack', `fetchstack must be an object of per-call options; ${takes}.`)
  }
  for (const [name, value] of Object.entries(options)) {
    const check = checks.get(name)
    if (check === undefined) {
      const close = suggest(name, checks.keys())
      const hint = close === undefined ? '' : ` Did you mean "${close}"?`
      throw new OptionError('fetch', `fetchstack.${name}`, `unknown per-call option "${name}".${hint} Known: ${takes}.`)
    }
    if (value !== undefined) check(value)
  }
  return options as Readonly<Record<string, unknown>>
}

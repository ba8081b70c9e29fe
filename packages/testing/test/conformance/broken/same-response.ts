import type { Middleware } from '@fetchstack/handler-stack'
import type { Broken } from './types.ts'

/** Hands on something that looks like the response. */
const disguises: Middleware = (next) =>
  async function disguises(request, call) {
    const response = await next(request, call)
    return new Proxy(response, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
  }

/** Throws for statuses, and does not say so. */
const throws: Middleware = (next) =>
  async function throws(request, call) {
    const response = await next(request, call)
    if (response.status === 404) throw new Error('not found')
    return response
  }

/** Forgets to return. */
const forgets: Middleware = (next) =>
  async function forgets(request, call) {
    await next(request, call)
    return undefined as unknown as Response
  }

export const sameResponse: readonly Broken[] = [
  { subject: disguises, says: /another object than next gave/ },
  { subject: forgets, says: /the call gave undefined, and no response/ },
  { subject: throws, says: /declare changesResponse: \[404\]\): the call was rejected \(Error: not found\)/ },
]

import type { AnyStack, Handler } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'

const marker: unique symbol = /* @__PURE__ */ Symbol.for('fetchstack.middleware')

/** What a middleware says of itself. */
export function describedAs(value: unknown): { readonly name: string } | undefined {
  return (value as { readonly [marker]?: { readonly name: string } } | null | undefined)?.[marker]
}

export function isStack(value: unknown): value is AnyStack {
  return typeof (value as AnyStack | null | undefined)?.compose === 'function'
}

/**
 * Wraps it once around a handler that sends nothing, and looks at what comes out.
 *
 * @param what - How the error begins, for what has no name.
 * @throws {OptionError} It is no middleware.
 */
export function checkMiddleware(owner: string, value: unknown, what: string): void {
  const name = typeof value === 'function' ? value.name : ''
  const title = name === '' ? what : `"${name}"`
  const fail = (problem: string, cause?: unknown): never => {
    const error = new OptionError(owner, 'middleware', `${title} ${problem}`)
    if (cause !== undefined) error.cause = cause
    throw error
  }
  const callIt = `conformance(() => ${name || 'factory'}(options))`
  if (isStack(value) || describedAs(value) !== undefined) return
  if (typeof value !== 'function') {
    const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `of type ${typeof value}`
    return fail(
      `is ${kind}. Give a middleware, (next) => handler; a stack; or a function without parameters that makes one.`,
    )
  }
  if (value === globalThis.fetch) return fail('is no middleware, but a fetch. Give what stands around it.')
  let handler: unknown
  try {
    handler = (value as (next: Handler) => unknown)(async () => new Response(null))
  } catch (cause) {
    const said = (cause as Error | undefined)?.message
    return fail(
      `threw when it was given a handler (${said}). If it makes a middleware, give its result: ${callIt}.`,
      cause,
    )
  }
  if (describedAs(handler) !== undefined || isStack(handler)) {
    return fail(`makes a middleware and was not called. Give its result: ${callIt}.`)
  }
  if (typeof (handler as Promise<unknown> | undefined)?.then === 'function') {
    ;(handler as Promise<unknown>).then(undefined, () => {})
    return fail(
      'is a handler or a fetch: it gave a promise. Give the middleware around it, (next) => handler; one that never calls next ' +
        'has that parameter too: (_next) => handler.',
    )
  }
  if (typeof handler !== 'function') {
    return fail(
      `gave ${handler === null ? 'null' : typeof handler} for a handler. A middleware is (next) => (request, call) => Promise<Response>.`,
    )
  }
  if (looksLikeFetch(handler))
    return fail(`makes a fetch of a fetch. Lift it: conformance(() => fromFetchWrapper(${name || 'wrapper'})).`)
}

/** By the name of its first parameter: there is nothing else to tell `(input, init)` from `(request, call)`. */
function looksLikeFetch(handler: object): boolean {
  const source = Function.prototype.toString.call(handler)
  return /^(?:async\s*)?(?:function\s*\w*\s*)?\(\s*(?:input|url|resource|info|urlOrRequest)\b/.test(source)
}

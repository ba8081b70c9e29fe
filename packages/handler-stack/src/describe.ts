import type { Handler } from './contract.ts'

/** Where a layer belongs. `call`: once per call. `attempt`: once per attempt. `wire`: once per request on the wire. */
export type Scope = 'call' | 'attempt' | 'wire'

/** Where a layer wants to stand relative to another, for {@link HandlerStack.check}. */
export interface Want {
  /** `inside`: nearer to the wire than the other. `outside`: nearer to the caller. */
  readonly position: 'inside' | 'outside'
  /** The declared name of the other layer, for example `retry`. */
  readonly of: string
  /** Whether the other must be there at all. Default `false`: it only matters when it is. */
  readonly required?: boolean
  /** What goes wrong otherwise: the rest of the sentence "…, or else ...". */
  readonly orElse: string
}

/** What a middleware says of itself, for `check()`, `toString()` and the types of per-call options. */
export interface MiddlewareInfo<Name extends string = string> {
  /** Default name in a stack. */
  readonly name: Name
  /** For people: `retry(3 attempts)`. Default: the name. Must hold no secret. */
  readonly label?: string
  /** Default: not said. */
  readonly scope?: Scope
  /** How often it may call `next` in one call, waits included. Default 1. */
  readonly reenters?: number
  readonly wants?: readonly Want[]
  /** Checks the per-call option of this layer; throws an `OptionError`. A layer without it takes no per-call option. */
  readonly checkCallOption?: (value: unknown) => void
}

// Registered, so that two installed copies of this package understand each other.
const info: unique symbol = /* @__PURE__ */ Symbol.for('fetchstack.middleware')

/** A middleware that says what it is. Made by {@link defineMiddleware}. */
export interface DescribedMiddleware<Name extends string = string, CallOption = never> {
  /** @param name - The name of the layer in its stack. Default: the declared one. */
  (next: Handler, name?: string): Handler
  readonly [info]: MiddlewareInfo<Name> & {
    /** Only for the type. */
    readonly callOption?: CallOption
  }
}

/**
 * Makes a middleware that can be named, listed, checked and given per-call options.
 * A plain `(next) => handler` function is a middleware too; this adds what `check()` and `toString()` can say of it.
 *
 * @param about - What it says of itself.
 * @param wrap - Gets `next` and the name that the layer has in its stack: its per-call option is `call.options[name]`.
 * @example
 * ```ts
 * import { type DescribedMiddleware, defineMiddleware } from '@fetchstack/handler-stack'
 *
 * export function userAgent(value: string): DescribedMiddleware<'user-agent'> {
 *   return defineMiddleware({ name: 'user-agent', scope: 'call' }, (next) =>
 *     function userAgent(request, call) {
 *       return next(request.withHeader('user-agent', value), call)
 *     },
 *   )
 * }
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function defineMiddleware<const Name extends string, CallOption = never>(
  about: MiddlewareInfo<Name>,
  wrap: (next: Handler, name: string) => Handler,
): DescribedMiddleware<Name, CallOption> {
  const middleware = (next: Handler, name: string = about.name): Handler => wrap(next, name)
  return Object.assign(middleware, { [info]: about })
}

/** What a middleware says of itself; `undefined` for a plain function or a stack. */
export function infoOf(middleware: object): MiddlewareInfo | undefined {
  return (middleware as Partial<DescribedMiddleware>)[info]
}

import { type Finding, findings } from './check.ts'
import type { Handler, Middleware, StackFetch } from './contract.ts'
import type { DescribedMiddleware } from './describe.ts'
import { checkType, NO_HANDLER, StackError, unknownName } from './errors.ts'
import { fetchHandler } from './fetch-handler.ts'
import {
  type AnyStack,
  isStack,
  type Layer,
  makeLayer,
  type Predicate,
  timesInside,
  unfold,
  wrapLayer,
} from './layer.ts'
import { print } from './print.ts'
import { printAsText } from './redact.ts'
import { makeFetch } from './to-fetch.ts'

const globalFetch = /* @__PURE__ */ fetchHandler()

/** A middleware, or a stack that is used as one. */
export type AnyMiddleware = Middleware | AnyStack

/** The name that a middleware declares of itself; `never` for a plain function or a stack. */
export type DeclaredName<M> = M extends DescribedMiddleware<infer Name, unknown> ? Name : never

/** The per-call options that a middleware takes when it stands in a stack under the name `N`. */
export type CallOptionsOf<M, N extends string> =
  M extends AnyStack<infer Options>
    ? Options
    : M extends DescribedMiddleware<string, infer Option>
      ? [Option] extends [never]
        ? Record<never, never>
        : { readonly [K in N]?: Option }
      : Record<never, never>

type Taken<N extends string> = `"${N}" is in the stack already: give this one another name`

/** `N`, or a text that says why not. */
export type FreeName<N extends string, Names extends string> = string extends Names ? N : N extends Names ? Taken<N> : N

/** `M`, or a text that says why it needs a name. */
export type FreeMiddleware<M, Names extends string> = string extends Names
  ? M
  : [DeclaredName<M>] extends [never]
    ? M
    : DeclaredName<M> extends Names
      ? Taken<DeclaredName<M>>
      : M

/**
 * Middleware around a handler, in an order that is seen and can be changed by name.
 *
 * **First pushed = outermost = sees the request first and the response last.**
 *
 * Immutable: every change returns a new stack that shares the layers, so a stack that one team exports can't be edited by
 * another. A stack is taken wherever a middleware or a handler is, so stacks nest.
 *
 * @typeParam Names - The names of its layers.
 * @typeParam Options - The per-call options of its layers.
 * @example
 * ```ts
 * import { HandlerStack, type Middleware } from '@fetchstack/handler-stack'
 *
 * const json: Middleware = (next) =>
 *   function json(request, call) {
 *     return next(request.withHeader('accept', 'application/json'), call)
 *   }
 *
 * const api = HandlerStack.create().push(json, 'json').toFetch()
 * const response = await api('https://api.example.com/videos')
 * ```
 */
export class HandlerStack<Names extends string = never, Options extends object = Record<never, never>> {
  /** Outermost first. */
  readonly layers: readonly Layer[]
  readonly #end: Handler | AnyStack | undefined
  #resolved: Handler | undefined

  /**
   * A stack that has no handler yet, or ends in the one given. Most want {@link HandlerStack.create}.
   *
   * @param handler - Who sends the request at the end: a handler, or another stack.
   * @param layers - Internal: what a change made.
   * @throws {StackError} `handler` is neither a handler nor a stack.
   */
  constructor(handler?: Handler | AnyStack, layers: readonly Layer[] = []) {
    if (handler !== undefined) checkType(isStack(handler) ? handler.resolve() : handler, 'A handler')
    if ((handler as unknown) === globalThis.fetch)
      throw new StackError('A fetch is no handler: use fetchHandler(fetch).')
    this.#end = handler
    this.layers = Object.freeze(layers)
    Object.freeze(this)
  }

  /**
   * A stack with no layers that ends in `handler`.
   *
   * @param handler - Default: `globalThis.fetch`. For another fetch: `fetchHandler(fetch)`.
   * @throws {StackError} `handler` is neither a handler nor a stack.
   */
  static create<O extends object = Record<never, never>>(
    handler: Handler | AnyStack<O> = globalFetch,
  ): HandlerStack<never, O> {
    return new HandlerStack<never, O>(handler as Handler)
  }

  /** Whether the handler was given, not the default `fetch`. */
  get ownsHandler(): boolean {
    return (this.#end ?? globalFetch) !== globalFetch
  }

  /** All layers on the way to the wire: its own, then those of the stack that it ends in, if it ends in one. */
  get onion(): readonly Layer[] {
    return isStack(this.#end) ? [...this.layers, ...this.#end.onion] : this.layers
  }

  /** Who sends the request in the end; `undefined` when nobody does yet. */
  get terminal(): Handler | undefined {
    return isStack(this.#end) ? this.#end.terminal : this.#end
  }

  /**
   * Adds a layer inside all others: next to the handler.
   *
   * @param name - Default: what the middleware calls itself. A plain function without a name can be removed by itself only.
   * @throws {StackError} `middleware` is no function and no stack, or the name is taken.
   */
  push<const N extends string, M extends AnyMiddleware>(
    middleware: M,
    name: FreeName<N, Names>,
  ): HandlerStack<Names | N, Options & CallOptionsOf<M, N>>
  push<M extends AnyMiddleware>(
    middleware: FreeMiddleware<M, Names>,
  ): HandlerStack<Names | DeclaredName<M>, Options & CallOptionsOf<M, DeclaredName<M>>>
  push(middleware: unknown, name?: string): unknown {
    return this.#insert(Infinity, middleware, name)
  }

  /** Adds a layer outside all others: next to the caller. Otherwise as {@link push}. */
  unshift<const N extends string, M extends AnyMiddleware>(
    middleware: M,
    name: FreeName<N, Names>,
  ): HandlerStack<Names | N, Options & CallOptionsOf<M, N>>
  unshift<M extends AnyMiddleware>(
    middleware: FreeMiddleware<M, Names>,
  ): HandlerStack<Names | DeclaredName<M>, Options & CallOptionsOf<M, DeclaredName<M>>>
  unshift(middleware: unknown, name?: string): unknown {
    return this.#insert(0, middleware, name)
  }

  /**
   * Adds a layer just outside the one called `find`. Otherwise as {@link push}.
   *
   * @throws {StackError} Also when no layer has that name; the message suggests the closest.
   */
  before<const N extends string, M extends AnyMiddleware>(
    find: Names,
    middleware: M,
    name: FreeName<N, Names>,
  ): HandlerStack<Names | N, Options & CallOptionsOf<M, N>>
  before<M extends AnyMiddleware>(
    find: Names,
    middleware: FreeMiddleware<M, Names>,
  ): HandlerStack<Names | DeclaredName<M>, Options & CallOptionsOf<M, DeclaredName<M>>>
  before(find: string, middleware: unknown, name?: string): unknown {
    return this.#insert(this.#indexOf(find), middleware, name)
  }

  /** Adds a layer just inside the one called `find`. Otherwise as {@link before}. */
  after<const N extends string, M extends AnyMiddleware>(
    find: Names,
    middleware: M,
    name: FreeName<N, Names>,
  ): HandlerStack<Names | N, Options & CallOptionsOf<M, N>>
  after<M extends AnyMiddleware>(
    find: Names,
    middleware: FreeMiddleware<M, Names>,
  ): HandlerStack<Names | DeclaredName<M>, Options & CallOptionsOf<M, DeclaredName<M>>>
  after(find: string, middleware: unknown, name?: string): unknown {
    return this.#insert(this.#indexOf(find) + 1, middleware, name)
  }

  /**
   * Puts another middleware in the place of the layer called `find`, under the same name.
   *
   * @throws {StackError} No layer has that name, or `middleware` is none.
   */
  replace<const N extends Names, M extends AnyMiddleware>(
    find: N,
    middleware: M,
  ): HandlerStack<Names, Omit<Options, N> & CallOptionsOf<M, N>> {
    const index = this.#indexOf(find)
    return this.#with(this.layers.with(index, makeLayer(middleware, find, this.layers[index]?.predicate)))
  }

  /**
   * Takes out the layer of that name, or every layer that is that very middleware.
   *
   * @throws {StackError} There is none: a name that is not there is a mistake, not a wish fulfilled.
   */
  remove<const N extends Names>(name: N): HandlerStack<Exclude<Names, N>, Omit<Options, N>>
  remove<M extends AnyMiddleware>(
    middleware: M,
  ): HandlerStack<Exclude<Names, DeclaredName<M>>, Omit<Options, DeclaredName<M>>>
  remove(target: unknown): unknown {
    if (typeof target === 'string') return this.#with(this.layers.toSpliced(this.#indexOf(target), 1))
    const layers = this.layers.filter(({ middleware }) => middleware !== target)
    if (layers.length === this.layers.length) throw new StackError('That middleware is not in the stack.')
    return this.#with(layers)
  }

  /**
   * Adds a layer inside all others that takes part only in the calls for which `predicate` holds; it is asked once each
   * time the layer is reached, so inside a retry once per attempt.
   *
   * @throws {StackError} As {@link push}, or `predicate` is no function.
   * @example
   * ```ts
   * import { HandlerStack } from '@fetchstack/handler-stack'
   * import { log } from '@fetchstack/handler-stack/middleware'
   *
   * export const stack = HandlerStack.create().when((request) => request.method !== 'GET', log(console))
   * ```
   */
  when<const N extends string, M extends AnyMiddleware>(
    predicate: Predicate,
    middleware: M,
    name: FreeName<N, Names>,
  ): HandlerStack<Names | N, Options & CallOptionsOf<M, N>>
  when<M extends AnyMiddleware>(
    predicate: Predicate,
    middleware: FreeMiddleware<M, Names>,
  ): HandlerStack<Names | DeclaredName<M>, Options & CallOptionsOf<M, DeclaredName<M>>>
  when(predicate: Predicate, middleware: unknown, name?: string): unknown {
    checkType(predicate, 'A predicate')
    return this.#insert(Infinity, middleware, name, predicate)
  }

  /** The same layers around another handler. @throws {StackError} It is neither a handler nor a stack. */
  withHandler<O extends object = Record<never, never>>(
    handler: Handler | AnyStack<O>,
  ): HandlerStack<Names, Options & O> {
    return new HandlerStack<Names, Options & O>((handler ?? null) as Handler, this.layers)
  }

  /** How often the handler may be called in one call at most, by what the layers declare. 1 when nothing re-enters. */
  get maxAttempts(): number {
    return timesInside(unfold(this.onion).rows)
  }

  /** Whether a layer has that name. */
  has(name: string): boolean {
    return this.layers.some((layer) => layer.name === name)
  }

  /** The layers around `next`: this is how a stack is a middleware. Its own handler takes no part. */
  compose(next: Handler): Handler {
    return this.layers.reduceRight((inner, layer) => wrapLayer(layer, inner), next)
  }

  /**
   * The layers around the handler, as one handler: this is how a stack is a handler. Composed once.
   *
   * @throws {StackError} The stack has no handler, or a middleware returns none.
   */
  resolve(): Handler {
    const end = isStack(this.#end) ? this.#end.resolve() : this.#end
    if (end === undefined) {
      throw new StackError(NO_HANDLER)
    }
    return (this.#resolved ??= this.compose(end))
  }

  /**
   * The stack as a plain `fetch`. Everything that goes wrong is a rejection, never a throw.
   *
   * @throws {StackError} As {@link resolve}: now, not at the first call.
   */
  toFetch(): StackFetch<Options> {
    return makeFetch(this.resolve(), this.onion, this.terminal!)
  }

  /**
   * What is probably not meant: layers on the wrong side of each other, two retries, no total timeout, no handler.
   * Empty when all is well. It rests on what the middleware declare; a plain function declares nothing.
   */
  check(): readonly Finding[] {
    return findings(this.onion, this.#end !== undefined)
  }

  /** The onion: the request's way in from the top, the handler, the response's way out, and how often each layer runs. */
  toString(): string {
    return print(this.onion, this.terminal && (this.terminal.name || '(no name)'))
  }

  static {
    printAsText(this.prototype)
  }

  #insert(index: number, middleware: unknown, name: string | undefined, predicate?: Predicate): HandlerStack {
    const layer = makeLayer(middleware as AnyMiddleware, name, predicate)
    if (layer.name !== undefined && this.has(layer.name)) {
      throw new StackError(`"${layer.name}" is in the stack already: give another name.`)
    }
    return this.#with(this.layers.toSpliced(index, 0, layer))
  }

  #with<N extends string, O extends object>(layers: readonly Layer[]): HandlerStack<N, O> {
    return new HandlerStack<N, O>(this.#end, layers)
  }

  #indexOf(find: unknown): number {
    const name = String(find)
    const names = this.layers.map((layer) => layer.name)
    const index = names.indexOf(name)
    if (index >= 0) return index
    throw unknownName('layer', name, names)
  }
}

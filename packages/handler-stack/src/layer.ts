import type { Call } from './call.ts'
import type { Handler, Middleware, StackFetch } from './contract.ts'
import { infoOf, type MiddlewareInfo } from './describe.ts'
import { checkType } from './errors.ts'
import type { HttpRequest } from './http-request.ts'

/**
 * Any stack, whatever the names of its layers: what another stack takes as a middleware or a handler, and what adapters take.
 * Structural, so that two installed copies of this package fit together.
 */
export interface AnyStack<Options extends object = object> {
  readonly layers: readonly Layer[]
  readonly onion: readonly Layer[]
  readonly terminal: Handler | undefined
  readonly ownsHandler: boolean
  readonly maxAttempts: number
  compose(next: Handler): Handler
  resolve(): Handler
  toFetch(): StackFetch<Options>
  toString(): string
}

/** Decides per call whether a layer takes part. */
export type Predicate = (request: HttpRequest, call: Call) => boolean

/** One place in a stack. */
export interface Layer {
  readonly name: string | undefined
  readonly middleware: Middleware | AnyStack
  readonly predicate?: Predicate | undefined
}

export function makeLayer(middleware: Middleware | AnyStack, name?: string, predicate?: Predicate): Layer {
  if (!isStack(middleware)) checkType(middleware, 'A middleware')
  if (name !== undefined) checkType(name, 'A name', 'string')
  return Object.freeze({ name: name || infoOf(middleware)?.name, middleware, predicate })
}

/** Puts a layer around `next`. Runs when the stack is resolved, once. */
export function wrapLayer({ middleware, name, predicate }: Layer, next: Handler): Handler {
  const wrap: (next: Handler, name?: string) => Handler = isStack(middleware)
    ? (inner) => middleware.compose(inner)
    : middleware
  // A plain function may have a second parameter of its own.
  const handler = infoOf(middleware) ? wrap(next, name) : wrap(next)
  checkType(handler, `What ${name ?? 'a middleware'} returns`)
  if (predicate === undefined) return handler
  return function when(request, call) {
    return (predicate(request, call) ? handler : next)(request, call)
  }
}

export function isStack(middleware: unknown): middleware is AnyStack {
  return Boolean((middleware as AnyStack | null)?.compose)
}

/** A layer as it stands in the whole onion, nested stacks taken apart. */
export interface Row {
  readonly name: string | undefined
  /** The names of the stacks around it and its own: `resilience/retry`; conditions too. */
  readonly path: string
  readonly info: MiddlewareInfo | undefined
  /** At most how often it runs in one call. */
  readonly times: number
  /** At most how often what stands inside it runs. */
  readonly inner: number
}

/** Stacks within stacks, taken apart. */
export interface Onion {
  /** All layers, outermost first. */
  readonly rows: Row[]
  /** The paths of nested stacks that were given a handler. */
  readonly unused: string[]
}

export function unfold(layers: readonly Layer[], onion: Onion = { rows: [], unused: [] }, prefix = ''): Onion {
  const { rows, unused } = onion
  for (const { middleware, name, predicate } of layers) {
    const title = name ?? ((middleware as Middleware).name || '(no name)')
    const path = prefix + title + (predicate ? ` when ${predicate.name || '…'}` : '')
    if (isStack(middleware)) {
      if (middleware.ownsHandler) unused.push(path)
      unfold(middleware.layers, onion, `${path}/`)
    } else {
      const info = infoOf(middleware)
      const times = timesInside(rows)
      rows.push({ name, path, info, times, inner: times * (info?.reenters ?? 1) })
    }
  }
  return onion
}

/** How often what stands inside all of them runs. */
export function timesInside(rows: readonly Row[]): number {
  return rows.at(-1)?.inner ?? 1
}

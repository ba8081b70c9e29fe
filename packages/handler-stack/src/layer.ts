import type { Call } from './call.ts'
import type { Handler, Middleware } from './contract.ts'
import { descriptionOf, type MiddlewareInfo } from './describe.ts'
import { StackError } from './errors.ts'
import type { HttpRequest } from './http-request.ts'

/** What a stack looks like from another stack. Structural, so that two installed copies of this package fit together. */
export interface Composable {
  readonly layers: readonly Layer[]
  compose(next: Handler): Handler
}

/** Decides per call whether a layer takes part. */
export type Predicate = (request: HttpRequest, call: Call) => boolean

/** One place in a stack. */
export interface Layer {
  readonly name: string | undefined
  readonly middleware: Middleware | Composable
  readonly predicate?: Predicate | undefined
}

export function makeLayer(middleware: Middleware | Composable, name?: string, predicate?: Predicate): Layer {
  if (!isComposable(middleware) && typeof middleware !== 'function') {
    throw new StackError(
      'FETCHSTACK_NOT_MIDDLEWARE',
      `HandlerStack: a middleware must be a function (next) => (request, call) => response, or a stack; got ${middleware === null ? 'null' : typeof middleware}.`,
    )
  }
  if (predicate !== undefined && typeof predicate !== 'function') {
    throw new StackError('FETCHSTACK_NOT_MIDDLEWARE', 'HandlerStack.when: the predicate must be a function (request, call) => boolean.')
  }
  if (name !== undefined && (typeof name !== 'string' || name === '')) {
    throw new StackError('FETCHSTACK_UNKNOWN_NAME', 'HandlerStack: a name must be a string of at least one character.')
  }
  return Object.freeze({ name: name ?? infoOf({ middleware })?.name, middleware, predicate })
}

/** Puts a layer around `next`. Runs when the stack is resolved, once. */
export function wrapLayer(layer: Layer, next: Handler): Handler {
  const { middleware, name, predicate } = layer
  const description = isComposable(middleware) ? undefined : descriptionOf(middleware)
  const handler = isComposable(middleware)
    ? middleware.compose(next)
    : description === undefined
      ? middleware(next)
      : description.wrap(next, name ?? description.info.name)
  if (typeof handler !== 'function') {
    throw new StackError(
      'FETCHSTACK_NOT_MIDDLEWARE',
      `HandlerStack: ${titleOf(layer)} returned ${typeof handler} when it was given "next"; a middleware returns a handler: (next) => (request, call) => response.`,
    )
  }
  if (predicate === undefined) return handler
  return function when(request, call) {
    return predicate(request, call) ? handler(request, call) : next(request, call)
  }
}

export function isComposable(middleware: unknown): middleware is Composable {
  return typeof middleware === 'object' && middleware !== null && typeof (middleware as Composable).compose === 'function'
}

export function infoOf(layer: Pick<Layer, 'middleware'>): MiddlewareInfo | undefined {
  return isComposable(layer.middleware) ? undefined : descriptionOf(layer.middleware)?.info
}

/** What a person would call the layer. */
export function titleOf({ name, middleware }: Layer): string {
  return name ?? (isComposable(middleware) ? 'stack' : middleware.name || '(anonymous)')
}

/** A layer as it stands in the whole onion, nested stacks taken apart. */
export interface Row {
  readonly layer: Layer
  /** The titles of the stacks around it and its own: `resilience/retry`. */
  readonly path: string
  readonly info: MiddlewareInfo | undefined
  /** At most how often it runs in one call. */
  readonly times: number
}

/** All layers, outermost first, and how often what stands inside them all may run. */
export function unfold(layers: readonly Layer[], prefix = '', times = 1): { rows: Row[]; times: number } {
  const rows: Row[] = []
  for (const layer of layers) {
    const path = prefix + titleOf(layer)
    if (isComposable(layer.middleware)) {
      const inner = unfold(layer.middleware.layers, `${path}/`, times)
      rows.push(...inner.rows)
      times = inner.times
      continue
    }
    const info = infoOf(layer)
    rows.push({ layer, path, info, times })
    times *= info?.reenters ?? 1
  }
  return { rows, times }
}

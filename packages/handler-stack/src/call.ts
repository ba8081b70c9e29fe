/** A typed name under which middleware share a value for one call. Made by {@link key}. */
export interface Key<T> {
  readonly name: string
  /** Only for the type. */
  readonly type?: T
}

/** One step of what happened in a call, as a layer tells it. */
export interface TrailEntry {
  /** The layer's name in the stack. */
  readonly layer: string
  /** What happened: `retry`, `give-up`, `timeout`... */
  readonly event: string
  /** The attempt it belongs to, counted from 1. */
  readonly attempt: number
  /** Whatever else the layer has to say: plain data, no secrets. */
  readonly detail?: unknown
}

/** Where a layer writes credentials: what must not cross to another origin, nor into a log. */
export interface CredentialNames {
  readonly headers?: readonly string[]
  readonly query?: readonly string[]
}

/**
 * One logical call, from the caller's `fetch` to its outcome, however many attempts it takes.
 * Layers share it: per-call options, the attempt's number, the deadline, typed values and the trail.
 */
export class Call {
  /** Per-call options by layer name: what the caller gave as `init.fetchstack`. */
  readonly options: Readonly<Record<string, unknown>>
  /** The attempt under way, counted from 1. Set by the layer that re-enters. */
  attempt = 1
  /** When this part of the call must be over, in milliseconds since the epoch. Set by timeouts, read by whoever waits. */
  deadline: number | undefined
  #values: Map<Key<unknown>, unknown> | undefined
  #trail: TrailEntry[] | undefined
  #credentials: CredentialNames[] | undefined

  constructor(options: Readonly<Record<string, unknown>> = {}) {
    this.options = options
  }

  /** The value that was set for `key`, or `undefined`. */
  get<T>(key: Key<T>): T | undefined {
    return this.#values?.get(key) as T | undefined
  }

  /** Sets a value for the layers of this call. The same `key` object reads it back; two keys of one name are two keys. */
  set<T>(key: Key<T>, value: T): void {
    ;(this.#values ??= new Map()).set(key, value)
  }

  /** The headers and query parameters that layers of this call wrote credentials into so far. */
  get credentials(): readonly CredentialNames[] {
    return this.#credentials ?? []
  }

  /** Tells the other layers of this call (redirects, logs) where a credential is. The same object counts once. */
  declareCredentials(names: CredentialNames): void {
    if (!this.#credentials?.includes(names)) (this.#credentials ??= []).push(names)
  }

  /** What the layers recorded so far, oldest first. */
  get trail(): readonly TrailEntry[] {
    return this.#trail ?? []
  }

  /** Adds a step to the trail. */
  record(entry: TrailEntry): void {
    ;(this.#trail ??= []).push(entry)
  }
}

/**
 * Makes a typed key for {@link Call.get} and {@link Call.set}.
 *
 * @example
 * ```ts
 * import { key, type Middleware } from '@fetchstack/handler-stack'
 *
 * export const tenant = key<string>('tenant')
 *
 * export const tenantHeader: Middleware = (next) =>
 *   function tenantHeader(request, call) {
 *     const id = call.get(tenant)
 *     return next(id === undefined ? request : request.withHeader('x-tenant', id), call)
 *   }
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function key<T>(name: string): Key<T> {
  return { name }
}

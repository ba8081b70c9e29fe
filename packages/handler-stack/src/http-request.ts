import type { BodyFactory, BodyInput, FetchInput, HeadersInput, Replay } from './contract.ts'
import { BodyNotReplayableError } from './errors.ts'
import { getHeader, withHeader } from './headers.ts'
import { originOf, parse } from './origin.ts'
import { printAsText, redactUrl } from './redact.ts'
import { release } from './release.ts'

/** What {@link HttpRequest.with} can change. `init` is merged into what is there; the others replace. */
export interface RequestChanges {
  readonly method?: string
  /** Absolute. */
  readonly url?: string
  readonly headers?: HeadersInput
  /** `null` for none. */
  readonly body?: BodyInput | BodyFactory | null
  /** `null` for none. */
  readonly signal?: AbortSignal | null
  /** Fields of `RequestInit` and of the runtime (`dispatcher`, `cf`, `proxy`...). */
  readonly init?: Readonly<Record<string, unknown>>
}

const standardMethod = /^(delete|get|head|options|post|put)$/i
const scheme = /^[a-z][a-z\d+.-]*:/i

type Fields = Record<string, unknown>
type Init = Readonly<Fields> & Readonly<Omit<RequestChanges, 'init' | 'url'>>

/**
 * An immutable request: what the caller gave to `fetch`, copied on write.
 * It is not a `Request`: that costs 2-40 µs to build, drops the runtimes' own fields and makes the body one-shot.
 */
export class HttpRequest {
  /** Absolute. */
  readonly url: string
  /** What `fetch` gets first: the caller's own string or `Request` for as long as the URL stays. */
  readonly input: string | Request
  /** What `fetch` gets second: a copy of the caller's, with every field that the runtime knows and this class does not. */
  readonly init: Init | undefined

  /** @internal Made by `HttpRequest.from` and by `with`. */
  private constructor(input: FetchInput, init?: object | null) {
    // A `URL` can be changed: it would be sent elsewhere than where its credentials were meant to go.
    this.input = isRequest(input) ? input : String(input)
    this.init = init as Init | undefined
    this.url = isRequest(input) ? input.url : absolute(input)
  }

  /**
   * Reads what was given to `fetch`. As with `fetch`, a `URL` and an `init` may be used for another call right away;
   * what hangs on `init` (headers, bytes) is read when it is sent.
   *
   * @throws {InvalidUrlError} The URL is relative and the runtime has no location to resolve it against.
   */
  static from(input: FetchInput, init?: object | null): HttpRequest {
    return isRequest(init) ? new HttpRequest(new Request(input, init)) : new HttpRequest(input, init && snapshot(init))
  }

  /** A copy with the given fields changed; those that are `undefined` stay. @throws {InvalidUrlError} */
  with({ url, init, ...fields }: RequestChanges): HttpRequest {
    const { source } = this
    const target = url === undefined ? undefined : absolute(url)
    let input = target ?? this.input
    let merged: Fields = { ...this.init, ...init }
    for (const name in fields) {
      const value = fields[name as keyof typeof fields]
      if (value !== undefined) merged[name] = value
    }
    // Node needs it said; for the others it is the default.
    if (isStream(merged['body'])) merged['duplex'] = 'half'
    if (source && fields.body === null) {
      // A `Request` can't lose its body by way of `init`: `null` there means "as it was". So it is taken apart.
      merged = { ...fieldsOf(source), ...merged }
      input = target ?? this.url
    } else if (source && target !== undefined) input = new Request(target, source)
    return new HttpRequest(input, merged)
  }

  /** The caller's own `Request`, when there was one. */
  get source(): Request | undefined {
    return isRequest(this.input) ? this.input : undefined
  }

  /** As `fetch` normalises it: `get` is `GET`, `patch` stays `patch` (Fetch standard, "normalize a method"). */
  get method(): string {
    const method = this.init?.method ?? this.source?.method ?? 'GET'
    return standardMethod.test(method) ? method.toUpperCase() : method
  }

  /** As given: a plain object, pairs or `Headers`. Read one with {@link header}; never edit them. */
  get headers(): HeadersInput | undefined {
    return this.init?.headers ?? this.source?.headers
  }

  get body(): BodyInput | BodyFactory | null | undefined {
    return this.init?.body ?? this.source?.body
  }

  get signal(): AbortSignal | undefined {
    const { signal = this.source?.signal } = this.init ?? {}
    return signal ?? undefined
  }

  /** Scheme, host and port. @throws {InvalidUrlError} */
  get origin(): string {
    return originOf(this.url)
  }

  /** Whether the body can be sent again. */
  get replay(): Replay {
    const { body, source } = this
    // Where a runtime doesn't show the body (`undefined`), there may be one.
    if (source && body === source.body && body !== null) return source.bodyUsed ? 'never' : 'clone'
    return isStream(body) ? 'never' : 'free'
  }

  /** The value of a header, whatever its case; several joined by `, `. */
  header(name: string): string | undefined {
    return getHeader(this.headers, name)
  }

  /** A copy with the header set, in place of any of that name. */
  withHeader(name: string, value: string): HttpRequest {
    return this.#withHeaders(withHeader(this.headers, name, value))
  }

  /** A copy without the header. The same object when it has none. */
  withoutHeader(name: string): HttpRequest {
    return this.header(name) === undefined ? this : this.#withHeaders(withHeader(this.headers, name))
  }

  // Every call with a credential passes here: `with` would cost it twice as much.
  #withHeaders(headers: Record<string, string>): HttpRequest {
    return new HttpRequest(this.input, { ...this.init, headers })
  }

  /**
   * A second request with the same content, which can be sent besides this one. The same object when the body is `free`.
   * Whoever forks owns both: send them, or {@link release} what is not sent.
   *
   * @throws {BodyNotReplayableError} The body is a stream, or has been read.
   */
  fork(): HttpRequest {
    const { replay, source } = this
    if (replay === 'free') return this
    if (replay === 'never') throw new BodyNotReplayableError(`${this}`)
    return new HttpRequest(source!.clone(), this.init)
  }

  /** Frees the body of a fork that won't be sent. Does nothing to a `free` body, and never throws. */
  release(): void {
    if (this.replay === 'clone') release(this.source!)
  }

  /** Safe to print: no credentials, no query values, no headers, no body. */
  toString(): string {
    return `[${this.method}] ${redactUrl(this.url)}`
  }

  toJSON(): string {
    return `${this}`
  }

  static {
    printAsText(this.prototype)
  }
}

/** A layer may be slow, and `fetch` would read it at once. What it inherits, `fetch` reads too. */
function snapshot(init: object): Fields {
  const copy: Fields = { ...init }
  if (Object.getPrototypeOf(init) !== Object.prototype) for (const name in init) copy[name] = (init as Fields)[name]
  return copy
}

/** By its shape, not by `instanceof`: polyfills and other realms have a `Request` of their own. */
export function isRequest(input: unknown): input is Request {
  return Boolean((input as Request | null)?.clone && (input as Request).method)
}

/** A web stream, a Node stream, an async iterable (which undici takes): gone once read. */
function isStream(body: unknown): boolean {
  return Boolean(
    (body as ReadableStream | null)?.getReader || (body as AsyncIterable<unknown> | null)?.[Symbol.asyncIterator],
  )
}

/** What was set on a `Request`, its default fields left out: workerd throws for the mere presence of some. */
function fieldsOf(source: Request): Fields {
  const fields: Fields = {}
  const blank = new Request(source.url)
  for (const name in source) {
    const value = source[name as keyof Request]
    if (value !== blank[name as keyof Request]) fields[name] = value
  }
  return fields
}

/** A `Request` resolves against whatever the runtime has for a base. */
function absolute(input: unknown): string {
  const url = String(input)
  return scheme.test(url) ? url : parse(url, Request).url
}

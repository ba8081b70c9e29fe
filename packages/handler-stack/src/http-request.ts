import type { BodyFactory, BodyInput, FetchInput, HeadersInput, Replay } from './contract.ts'
import { BodyNotReplayableError, InvalidUrlError } from './errors.ts'
import { getHeader, headerEntries, withHeader } from './headers.ts'
import { originOf } from './origin.ts'
import { printAsText, redactUrl } from './redact.ts'

/** What {@link HttpRequest.with} can change. `init` is merged into what is there; the others replace. */
export interface RequestChanges {
  readonly method?: string
  /** Absolute. */
  readonly url?: string
  readonly headers?: HeadersInput
  readonly body?: BodyInput | BodyFactory | null
  readonly signal?: AbortSignal
  /** Fields of `RequestInit` and of the runtime (`dispatcher`, `cf`, `proxy`...). */
  readonly init?: Readonly<Record<string, unknown>>
}

type Init = Readonly<Record<string, unknown>>

/**
 * An immutable request: what the caller gave to `fetch`, read once and copied on write.
 * It is not a `Request`: that costs 2-40 µs to build, drops the runtimes' own fields and makes the body one-shot.
 */
export class HttpRequest {
  /** As `fetch` normalises it: `get` is `GET`, `patch` stays `patch` (Fetch standard, "normalize a method"). */
  readonly method: string
  /** Absolute. */
  readonly url: string
  /** As given: a plain object, pairs or `Headers`. Read one with {@link header}; never edit them. */
  readonly headers: HeadersInput | undefined
  readonly body: BodyInput | BodyFactory | null | undefined
  readonly signal: AbortSignal | undefined
  /** What the caller gave as `init`, verbatim, with every field that the runtime knows and this class does not. */
  readonly init: Init | undefined
  /** What the caller gave as input. */
  readonly input: FetchInput
  /** The caller's own `Request`, when there was one. */
  readonly source: Request | undefined
  /** Which fields differ from `input` and `init`; `undefined` when none does, and they can be sent as they are. */
  readonly changes: RequestChanges | undefined

  /** @internal Made by `HttpRequest.from` and by `with`. */
  private constructor(
    input: FetchInput,
    init: Init | undefined,
    source: Request | undefined,
    changes: RequestChanges | undefined,
    method: string,
    url: string,
    headers: HeadersInput | undefined,
    body: BodyInput | BodyFactory | null | undefined,
    signal: AbortSignal | undefined,
  ) {
    this.input = input
    this.init = init
    this.source = source
    this.changes = changes
    this.method = method
    this.url = url
    this.headers = headers
    this.body = body
    this.signal = signal
  }

  /**
   * Reads what was given to `fetch`.
   *
   * @throws {InvalidUrlError} The URL is relative and the runtime has no location to resolve it against.
   */
  static from(input: FetchInput, init?: object | null): HttpRequest {
    if (isRequest(init)) return HttpRequest.from(new Request(input, init as RequestInit))
    const given = (init ?? undefined) as (RequestInit & Init) | undefined
    const source = isRequest(input) ? input : undefined
    return new HttpRequest(
      input,
      given,
      source,
      undefined,
      normalizeMethod(given?.method ?? source?.method),
      source === undefined ? absolute(typeof input === 'string' ? input : String(input)) : source.url,
      given?.headers ?? source?.headers,
      given?.body ?? source?.body,
      (given?.signal === undefined ? source?.signal : given.signal) ?? undefined,
    )
  }

  /** A copy with the given fields changed. */
  with(changes: RequestChanges): HttpRequest {
    const { init } = changes
    const merged = { ...this.changes, ...changes }
    if (init !== undefined) merged.init = { ...this.changes?.init, ...init }
    return new HttpRequest(
      this.input,
      init === undefined ? this.init : { ...this.init, ...init },
      this.source,
      merged,
      changes.method === undefined ? this.method : normalizeMethod(changes.method),
      changes.url ?? this.url,
      changes.headers ?? this.headers,
      changes.body === undefined ? this.body : changes.body,
      changes.signal ?? this.signal,
    )
  }

  /** The value of a header, whatever its case; several joined by `, `. */
  header(name: string): string | undefined {
    return getHeader(this.headers, name)
  }

  /** A copy with the header set, in place of any of that name. */
  withHeader(name: string, value: string): HttpRequest {
    return this.with({ headers: withHeader(this.headers, name, value) })
  }

  /** A copy without the header. The same object when it has none. */
  withoutHeader(name: string): HttpRequest {
    if (this.header(name) === undefined) return this
    return this.with({ headers: withHeader(this.headers, name, undefined) })
  }

  /** Scheme, host and port. @throws {InvalidUrlError} */
  get origin(): string {
    return originOf(this.url)
  }

  /** Whether the body can be sent again. */
  get replay(): Replay {
    const { body, source } = this
    if (body === undefined || body === null || typeof body === 'string' || typeof body === 'function') return 'free'
    if (source !== undefined && body === source.body) return source.bodyUsed ? 'never' : 'clone'
    return isStream(body) ? 'never' : 'free'
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
    if (replay === 'never' || source === undefined) throw new BodyNotReplayableError(this.method, this.url)
    const copy = source.clone()
    return new HttpRequest(
      copy,
      this.init,
      copy,
      this.changes,
      this.method,
      this.url,
      this.headers === source.headers ? copy.headers : this.headers,
      copy.body,
      this.signal === source.signal ? copy.signal : this.signal,
    )
  }

  /** Frees the body of a fork that won't be sent. Does nothing to a `free` body, and never throws. */
  release(): void {
    if (this.replay === 'clone') this.source?.body?.cancel().catch(() => {})
  }

  /** Safe to print: no credentials, no query values, no body. */
  toJSON(): { method: string; url: string; headers: string[]; replay: Replay } {
    const headers = headerEntries(this.headers).map(([name]) => name)
    return { method: this.method, url: redactUrl(this.url), headers, replay: this.replay }
  }

  toString(): string {
    return `[${this.method}] ${redactUrl(this.url)}`
  }

  static {
    printAsText(this.prototype)
  }
}

/** By its shape, not by `instanceof`: polyfills and other realms have a `Request` of their own. */
function isRequest(input: unknown): input is Request {
  return typeof input === 'object' && input !== null && typeof (input as Request).clone === 'function' && 'url' in input
}

/** A web stream, an async iterable (which undici takes) or a Node stream: gone once read. */
function isStream(body: object): boolean {
  return 'getReader' in body || Symbol.asyncIterator in body || 'pipe' in body
}

const standard = /^(?:delete|get|head|options|post|put)$/i

function normalizeMethod(method: string | undefined): string {
  if (method === undefined || method === 'GET') return 'GET'
  return standard.test(method) ? method.toUpperCase() : method
}

const scheme = /^[a-z][a-z\d+.-]*:/i

function absolute(url: string): string {
  if (scheme.test(url)) return url
  const base = (globalThis as { document?: { baseURI?: string } }).document?.baseURI ?? globalThis.location?.href
  try {
    return new URL(url, base).href
  } catch (cause) {
    throw new InvalidUrlError(url, { cause })
  }
}

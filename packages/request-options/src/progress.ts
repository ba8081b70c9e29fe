import { type Call, type DescribedMiddleware, defineMiddleware, type HttpRequest } from '@fetchstack/handler-stack'
import { checkFunction, checkOptions, OptionError } from '@fetchstack/options'

/** How far a body is. */
export interface Progress {
  /** Bytes so far. */
  readonly loaded: number
  /** Bytes in all, where that is known: by `content-length`, or by the body's own size. Compressed answers don't tell. */
  readonly total: number | undefined
  /** `loaded` / `total`, at most 1; `undefined` where the total is not known. */
  readonly ratio: number | undefined
}

/** Told of each piece of a body, and of its start with 0 bytes. What it throws breaks the body. */
export type OnProgress = (progress: Progress, request: HttpRequest, call: Call) => void

/** Options of `progress`: at least one of the two. */
export interface ProgressOptions {
  /** Of the answer's body, as it is read. */
  readonly download?: OnProgress
  /**
   * Of the request's body. A stream is counted as it is taken. Of what is in memory, or is a `Request`, no platform tells while it is
   * sent: there is the start, and the end when the answer has come.
   */
  readonly upload?: OnProgress
}

/**
 * Tells how far uploads and downloads are. Nothing is read ahead: a body flows as fast as it is read. An answer that has a body is
 * another `Response` object with the same status, headers, `url`, `redirected` and `type`, its clones too.
 *
 * @throws {OptionError} Neither is given, one is no function, or an option is unknown.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { progress } from '@fetchstack/request-options'
 *
 * const api = HandlerStack.create()
 *   .push(progress({ download: ({ ratio }) => console.log(ratio) }))
 *   .toFetch()
 * ```
 */
// @__NO_SIDE_EFFECTS__
export function progress(options: ProgressOptions): DescribedMiddleware<'progress'> {
  checkOptions('progress', options, ['download', 'upload'])
  const { download, upload } = options ?? {}
  if (!download && !upload) throw new OptionError('progress', 'download', 'download, upload or both must be given.')
  if (download) checkFunction('progress', 'download', download)
  if (upload) checkFunction('progress', 'upload', upload)
  return defineMiddleware(
    { name: 'progress' },
    (next) =>
      async function progress(request, call) {
        const sent =
          upload && request.body ? sending(request, (progress) => upload(progress, request, call)) : undefined
        const response = await next(sent?.request ?? request, call)
        sent?.end()
        return download ? receiving(response, (progress) => download(progress, request, call)) : response
      },
  )
}

type Tell = (progress: Progress) => void

function sending(request: HttpRequest, tell: Tell): { request: HttpRequest; end: () => void } {
  const { body } = request
  const total = sizeOf(body)
  tell(measure(0, total))
  if (!isStream(body) || request.source?.body === body) {
    // How much of it is on its way no platform tells.
    return { request, end: () => tell(measure(total ?? 0, total)) }
  }
  return { request: request.with({ body: counted(body, total, tell) }), end: () => {} }
}

function receiving(response: Response, tell: Tell): Response {
  const { body, status, statusText, headers, url, redirected, type } = response
  if (!body || response.bodyUsed) return response
  const length = headers.get('content-encoding') === null ? headers.get('content-length') : null
  const total = length !== null && /^\d+$/.test(length) ? Number(length) : undefined
  tell(measure(0, total))
  return dress(new Response(counted(body, total, tell), { status, statusText, headers }), { url, redirected, type })
}

/** A `Response` that was made by hand has no address; its clones would lose it again. */
function dress(response: Response, facts: Pick<Response, 'url' | 'redirected' | 'type'>): Response {
  const clone = (): Response => dress(Response.prototype.clone.call(response), facts)
  const values = Object.entries({ ...facts, clone }).map(([name, value]) => [name, { value, configurable: true }])
  return Object.defineProperties(response, Object.fromEntries(values) as PropertyDescriptorMap)
}

/** The stream, with what passes counted. Read only as it is read itself. */
function counted(
  stream: ReadableStream<Uint8Array>,
  total: number | undefined,
  tell: Tell,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let loaded = 0
  const counter = new TransformStream<Uint8Array, Uint8Array<ArrayBuffer>>(
    {
      transform(chunk, controller) {
        loaded += chunk.byteLength
        tell(measure(loaded, total))
        controller.enqueue(chunk as Uint8Array<ArrayBuffer>)
      },
    },
    undefined,
    { highWaterMark: 0 },
  )
  return stream.pipeThrough(counter)
}

function measure(loaded: number, total: number | undefined): Progress {
  const ratio = total === undefined ? undefined : total === 0 ? 1 : Math.min(1, loaded / total)
  return { loaded, total, ratio }
}

function sizeOf(body: unknown): number | undefined {
  if (typeof body === 'string') return new TextEncoder().encode(body).length
  if (body instanceof URLSearchParams) return String(body).length
  const { size, byteLength } = Object(body) as { size?: unknown; byteLength?: unknown }
  return [size, byteLength].find((one) => typeof one === 'number')
}

function isStream(body: unknown): body is ReadableStream<Uint8Array> {
  return typeof (body as ReadableStream | null)?.getReader === 'function'
}

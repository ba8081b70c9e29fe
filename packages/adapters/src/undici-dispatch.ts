import { type Handler, StackError } from '@fetchstack/handler-stack'
import { type Origin, optionsOf, originKey } from './undici-request.ts'
import type { Dispatch, DispatchController, DispatchOptions, ParsedHeaders } from './undici-types.ts'

/** What undici told of a response, and a `Response` has no place for. */
export interface Facts {
  readonly headers: ParsedHeaders
  readonly rawHeaders: unknown
  /** Known when the body is over. */
  trailers: ParsedHeaders
  rawTrailers: unknown
}

const facts = /* @__PURE__ */ new WeakMap<Response, Facts>()

/** `undefined` for a response that a layer made. */
export function factsOf(response: Response): Facts | undefined {
  return facts.get(response)
}

/** A handler that sends by a dispatch of undici. */
export function dispatchHandler(dispatch: Dispatch): Handler {
  return async function undici(request) {
    const origin = (request.init as { readonly [originKey]?: Origin } | undefined)?.[originKey]
    if (!origin) throw new StackError('interceptor: a wrapper in the stack dropped what it does not know from init.')
    const options = await optionsOf(request, origin)
    const { signal } = request
    signal?.throwIfAborted()
    return new Promise((resolve, reject) => exchange(dispatch, options, origin, signal, resolve, reject))
  }
}

function exchange(
  dispatch: Dispatch,
  options: DispatchOptions,
  { handler }: Origin,
  signal: AbortSignal | undefined,
  resolve: (response: Response) => void,
  reject: (error: unknown) => void,
): void {
  let controller: DispatchController | undefined
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined
  let told: Facts | undefined
  let over = false

  const end = (): void => {
    over = true
    signal?.removeEventListener('abort', stop)
  }
  const fail = (error: unknown): void => {
    if (over) return
    end()
    reject(error)
    stream?.error(error)
  }
  const abort = (reason: unknown): void => {
    if (controller && !controller.aborted)
      controller.abort(reason instanceof Error ? reason : new Error(String(reason)))
  }
  const stop = (): void => {
    // Undici may be about to connect: then it is told as soon as it has a controller.
    fail(signal!.reason)
    abort(signal!.reason)
  }
  signal?.addEventListener('abort', stop)

  const body = (): ReadableStream =>
    new ReadableStream<Uint8Array>(
      {
        start(given) {
          stream = given
        },
        pull: () => controller?.resume(),
        cancel(reason: unknown) {
          if (over) return
          end()
          abort(reason ?? new DOMException('The body was cancelled.', 'AbortError'))
        },
      },
      { highWaterMark: 65_536, size: (chunk) => chunk.byteLength },
    )

  try {
    dispatch(options as never, {
      ...(handler.onBodySent && { onBodySent: (chunk) => handler.onBodySent!(chunk) }),
      ...(handler.onRequestSent && { onRequestSent: () => handler.onRequestSent!() }),
      ...(handler.onResponseStarted && { onResponseStarted: () => handler.onResponseStarted!() }),
      onRequestStart(given) {
        controller = given
        if (over) abort(signal?.reason)
      },
      onResponseStart(given, status, headers, statusText = '') {
        if (status < 200) return handler.onResponseStart?.(given, status, headers, statusText)
        const bodyless = options.method === 'HEAD' || status === 204 || status === 205 || status === 304
        const response = new Response(bodyless ? null : body(), { status, statusText, headers: pairsOf(headers) })
        told = { headers, rawHeaders: given?.rawHeaders, trailers: {}, rawTrailers: undefined }
        facts.set(response, told)
        resolve(response)
      },
      onResponseData(given, chunk) {
        const bytes: Uint8Array = chunk
        // Undici gives empty ones whenever it is resumed: to pause for them would go on for ever.
        if (over || !stream || bytes.byteLength === 0) return
        stream.enqueue(bytes)
        if ((stream.desiredSize ?? 0) <= 0) given?.pause()
      },
      onResponseEnd(given, trailers) {
        if (over) return
        end()
        Object.assign(told!, { trailers, rawTrailers: given?.rawTrailers })
        stream?.close()
      },
      onResponseError: (_given, error) => fail(error),
    })
  } catch (error) {
    fail(error)
  }
}

function pairsOf(headers: ParsedHeaders): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value ?? '']).map((one): [string, string] => [name, one]),
  )
}

import { Call, type Handler, type HttpRequest, release } from '@fetchstack/handler-stack'
import { factsOf } from './undici-dispatch.ts'
import type { DispatchController, DispatchHandler, ParsedHeaders } from './undici-types.ts'

/** Runs a call, and tells undici's handler of its outcome as a dispatcher does. Never rejects. */
export async function answer(
  handler: DispatchHandler,
  makeRequest: (signal: AbortSignal) => HttpRequest,
  send: Handler,
): Promise<void> {
  const abort = new AbortController()
  const controller = new Controller(abort)
  let response: Response | undefined
  try {
    handler.onRequestStart?.(controller, {})
    abort.signal.throwIfAborted()
    response = await send(makeRequest(abort.signal), new Call())
    const facts = factsOf(response)
    controller.rawHeaders = facts?.rawHeaders ?? rawHeadersOf(response)
    abort.signal.throwIfAborted()
    handler.onResponseStart?.(controller, response.status, facts?.headers ?? headersOf(response), response.statusText)
    const reader = response.body?.getReader()
    for (;;) {
      await controller.resumed()
      abort.signal.throwIfAborted()
      const { done, value } = (await reader?.read()) ?? { done: true, value: undefined }
      abort.signal.throwIfAborted()
      if (done) break
      handler.onResponseData?.(controller, bufferOf(value) as never)
    }
    controller.rawTrailers = facts?.rawTrailers
    handler.onResponseEnd?.(controller, facts?.trailers ?? {})
  } catch (error) {
    if (!abort.signal.aborted) abort.abort(error)
    if (response) release(response)
    handler.onResponseError?.(controller, error instanceof Error ? error : new Error(String(error)))
  }
}

class Controller implements DispatchController {
  rawHeaders: unknown
  rawTrailers: unknown
  readonly #abort: AbortController
  #resume: (() => void) | undefined
  #gate: Promise<void> | undefined

  constructor(abort: AbortController) {
    this.#abort = abort
    // Whoever paused and then aborted waits for the error.
    abort.signal.addEventListener('abort', () => this.resume())
  }

  get aborted(): boolean {
    return this.#abort.signal.aborted
  }

  get paused(): boolean {
    return this.#gate !== undefined
  }

  get reason(): Error | null {
    return this.aborted ? (this.#abort.signal.reason as Error) : null
  }

  abort(reason: Error): void {
    this.#abort.abort(reason)
  }

  pause(): void {
    this.#gate ??= new Promise((resolve) => {
      this.#resume = resolve
    })
  }

  resume(): void {
    this.#resume?.()
    this.#gate = this.#resume = undefined
  }

  async resumed(): Promise<void> {
    await this.#gate
  }
}

/** Handlers of undici call methods that a `Uint8Array` has not. */
function bufferOf(chunk: Uint8Array): Uint8Array {
  const { Buffer } = globalThis as {
    Buffer?: { from(data: ArrayBufferLike, offset: number, length: number): Uint8Array }
  }
  if (!Buffer || (chunk as { readonly readUInt8?: unknown }).readUInt8) return chunk
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}

function headersOf({ headers }: Response): ParsedHeaders {
  const cookies = headers.getSetCookie()
  return { ...Object.fromEntries(headers), ...(cookies.length > 0 && { 'set-cookie': cookies }) }
}

function rawHeadersOf({ headers }: Response): Uint8Array[] {
  const encoder = new TextEncoder()
  return [...headers].flat().map((text) => bufferOf(encoder.encode(text)))
}

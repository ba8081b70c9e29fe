/** What undici gives a handler to steer a response with. */
export interface DispatchController {
  readonly aborted: boolean
  readonly paused: boolean
  readonly reason: Error | null
  rawHeaders?: unknown
  rawTrailers?: unknown
  abort(reason: Error): void
  pause(): void
  resume(): void
}

/** Headers as undici parses them: lower-case names, a list where one came several times. */
export type ParsedHeaders = Record<string, string | string[] | undefined>

/** Who gets the response of a dispatch. */
export interface DispatchHandler {
  onRequestStart?(controller: DispatchController, context: unknown): void
  onRequestUpgrade?(controller: DispatchController, statusCode: number, headers: ParsedHeaders, socket: never): void
  onResponseStart?(
    controller: DispatchController,
    statusCode: number,
    headers: ParsedHeaders,
    statusMessage?: string,
  ): void
  onResponseData?(controller: DispatchController, chunk: never): void
  onResponseEnd?(controller: DispatchController, trailers: ParsedHeaders): void
  onResponseError?(controller: DispatchController, error: Error): void
  onResponseStarted?(): void
  onBodySent?(chunk: never): void
  onRequestSent?(): void
}

/** A request of undici, as far as it is read here. */
export interface DispatchOptions {
  readonly origin?: string | URL
  readonly path: string
  readonly method: string
  readonly body?: unknown
  readonly headers?: unknown
  readonly query?: Readonly<Record<string, unknown>>
  readonly upgrade?: unknown
}

/** What undici calls a dispatch. */
export type Dispatch = (options: never, handler: DispatchHandler) => boolean

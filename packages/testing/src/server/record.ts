import type { IncomingMessage } from 'node:http'
import type { Fault } from './fault.ts'

/** A request as the server got it. The fields that can still change do so while the request is under way. */
export interface ReceivedRequest {
  /** Counted from 1, over all requests since the start or the last `reset()`. */
  readonly number: number
  /** Counted from 1, over the requests of the same route or script. 0 when there was neither. */
  readonly attempt: number
  /** The pattern of the route that it fell to, or the script with its id; `undefined` when there was none. */
  readonly route: string | undefined
  readonly method: string
  /** Path and query as received. */
  readonly url: string
  /** The path alone, as received. */
  readonly path: string
  /** By lower-case name; a header that came several times is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** The bytes of the body that arrived so far, up to the server's `keepBody`. */
  readonly body: Uint8Array
  /** `body` as UTF-8 text. */
  readonly text: string
  /** How many bytes of the body arrived so far, kept or not. */
  readonly bodyBytes: number
  /** Whether the body arrived whole. */
  readonly complete: boolean
  /** Whether the client went away before the server was done. */
  readonly aborted: boolean
  /** When the headers arrived: milliseconds since the epoch with fractions, from a clock that never goes back. */
  readonly at: number
  /** Which connection it came on, counted from 1 since the start of the server. */
  readonly socket: number
  /** What the server did, as far as it came to it. */
  readonly fault: Fault | undefined
}

/** What the server needs to know of a request before it can be recorded. */
export interface RecordStart {
  readonly number: number
  readonly attempt: number
  readonly route: string | undefined
  readonly socket: number
  readonly keepBody: number
}

/** A record that its server can write. */
export interface Recorder {
  readonly record: ReceivedRequest
  /** Keeps what fits of a piece of the body. */
  readonly receive: (chunk: Uint8Array) => void
  /** Sets what became known. */
  readonly note: (changes: Partial<Pick<ReceivedRequest, 'complete' | 'aborted' | 'fault'>>) => void
}

/** Starts the record of a request whose headers have arrived. */
export function recordRequest(request: IncomingMessage, start: RecordStart): Recorder {
  const url = request.url ?? '/'
  const state = { complete: false, aborted: false, fault: undefined as Fault | undefined }
  let chunks: Uint8Array[] = []
  let kept = 0
  let bodyBytes = 0
  const { number, attempt, route, socket, keepBody } = start
  const record: ReceivedRequest = {
    number,
    attempt,
    route,
    method: request.method ?? 'GET',
    url,
    path: pathOf(url),
    headers: joinHeaders(request.rawHeaders),
    at: performance.timeOrigin + performance.now(),
    socket,
    get body() {
      if (chunks.length !== 1) chunks = [new Uint8Array(Buffer.concat(chunks))]
      return chunks[0] as Uint8Array
    },
    get text() {
      return new TextDecoder().decode(this.body)
    },
    get bodyBytes() {
      return bodyBytes
    },
    get complete() {
      return state.complete
    },
    get aborted() {
      return state.aborted
    },
    get fault() {
      return state.fault
    },
  }
  return {
    record,
    receive: (chunk) => {
      bodyBytes += chunk.length
      const part = chunk.subarray(0, keepBody - kept)
      kept += part.length
      if (part.length > 0) chunks.push(new Uint8Array(part))
    },
    note: (changes) => Object.assign(state, changes),
  }
}

/** The part of a request target that routes are matched against. */
export function pathOf(url: string): string {
  const path = url.startsWith('/') ? url : url.replace(/^[a-z]+:\/\/[^/?]*/i, '')
  return path.split('?', 1)[0] || '/'
}

/** From the raw list: Node's own `headers` drops a second `authorization`, which a test may want to see. */
function joinHeaders(raw: readonly string[]): Record<string, string> {
  const joined = new Map<string, string>()
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]!.toLowerCase()
    const before = joined.get(name)
    joined.set(name, before === undefined ? raw[index + 1]! : `${before}, ${raw[index + 1]!}`)
  }
  return Object.fromEntries(joined)
}

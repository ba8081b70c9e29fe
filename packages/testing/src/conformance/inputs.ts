import type { FetchInput, StackInit } from '@fetchstack/handler-stack'
import type { SeenRequest } from './server.ts'
import type { Stage } from './stage.ts'
import type { InputKind } from './types.ts'

/** One way to make a call. */
export interface Input {
  readonly kind: InputKind
  /** Whether it can be sent again whole. */
  readonly replayable: boolean
  /** Anew each time: some can be used once. */
  readonly make: (url: string) => readonly [input: FetchInput, init?: StackInit]
  /** The same for a plain fetch, where that takes something else. */
  readonly plain?: (url: string) => readonly [input: FetchInput, init?: RequestInit]
}

// A zero byte, and characters of two, three and four bytes.
const text = 'one\u0000two Grüße ✓ 𝄞'

type Arguments = readonly [input: string, init: { readonly method: 'PUT'; readonly body: BodyInit }]

const put = (url: string, body: BodyInit, more?: object): Arguments => [url, { method: 'PUT', body, ...more }]

/** All ways in which `fetch` and a stack can be called. */
export const inputs: readonly Input[] = [
  { kind: 'string', replayable: true, make: (url) => [url] },
  { kind: 'URL', replayable: true, make: (url) => [new URL(url)] },
  { kind: 'Request', replayable: true, make: (url) => [new Request(url, { headers: { 'x-kit': 'of the Request' } })] },
  { kind: 'Request with a body', replayable: true, make: (url) => [new Request(url, { method: 'PUT', body: text })] },
  { kind: 'text', replayable: true, make: (url) => put(url, text) },
  { kind: 'bytes', replayable: true, make: (url) => put(url, new TextEncoder().encode(text)) },
  { kind: 'Blob', replayable: true, make: (url) => put(url, new Blob([text], { type: 'text/x-kit' })) },
  { kind: 'FormData', replayable: true, make: (url) => put(url, form()) },
  { kind: 'URLSearchParams', replayable: true, make: (url) => put(url, new URLSearchParams({ text })) },
  { kind: 'stream', replayable: false, make: (url) => put(url, stream(), { duplex: 'half' }) },
  {
    kind: 'body factory',
    replayable: true,
    make: (url) => [url, { method: 'PUT', body: () => text }],
    plain: (url) => put(url, text),
  },
]

function form(): FormData {
  const data = new FormData()
  data.append('field', text)
  data.append('file', new Blob([text], { type: 'text/plain' }), 'kit.txt')
  return data
}

function stream(): ReadableStream {
  const bytes = new TextEncoder().encode(text)
  let sent = 0
  return new ReadableStream({
    pull(controller) {
      if (sent === bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(sent, ++sent))
    },
  })
}

/** The fields whose values are the business of nobody but the runtime when a `Request` was cloned: Deno sends it in chunks. */
export const framing: readonly string[] = ['content-length', 'transfer-encoding']

/** What arrived, so that two requests can be compared: without what a runtime makes up anew each time. */
export function imageOf(seen: SeenRequest, without: readonly string[]): string {
  const type = seen.headers['content-type'] ?? ''
  const boundary = /boundary="?([^";]+)/.exec(type)?.[1]
  const plain = (value: string): string => (boundary === undefined ? value : value.replaceAll(boundary, 'BOUNDARY'))
  const compared = ['content-type', 'transfer-encoding', 'x-kit', ...(boundary === undefined ? ['content-length'] : [])]
  const headers = compared
    .filter((name) => !without.includes(name))
    .map((name) => `${name}: ${plain(seen.headers[name] ?? 'none')}`)
  return JSON.stringify({ method: seen.method, headers, text: plain(seen.text) })
}

/** The requests that came to a URL, oldest first. */
export async function requestsTo(stage: Stage, url: string): Promise<readonly SeenRequest[]> {
  const { pathname } = new URL(url)
  const { requests } = await stage.server.look()
  return requests.filter((request) => request.url.split('?', 1)[0] === pathname)
}

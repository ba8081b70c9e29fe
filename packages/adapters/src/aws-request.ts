import type { AwsRequest } from './aws.ts'

/** Undici throws for the first two; the others are the connection's. None of them is ever signed. */
const OF_THE_CONNECTION = /^(expect|transfer-encoding|connection|keep-alive)$/i

/** The URL with everything in the very form that was signed. */
export function urlOf({ protocol, hostname, port, path, query, username, password, fragment }: AwsRequest): string {
  const user = username === undefined && password === undefined ? '' : `${username ?? ''}:${password ?? ''}@`
  const search = searchOf(query)
  return `${protocol}//${user}${hostname}${port ? `:${port}` : ''}${path}${search && `?${search}`}${fragment ? `#${fragment}` : ''}`
}

/** As signature version 4 wants it: sorted by name, RFC 3986's unreserved characters alone left as they are. */
function searchOf(query: AwsRequest['query'] = {}): string {
  const pair = (name: string, value: string | null): string =>
    value === null ? encode(name) : `${encode(name)}=${encode(value)}`
  return Object.entries(query)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, value]) => (typeof value === 'object' && value ? value : [value]).map((one) => pair(name, one)))
    .join('&')
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

export function headersOf({ headers }: AwsRequest): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.test(name)))
}

/** `fetch` refuses a body for GET and HEAD, and the SDK gives an empty one. Node's streams are taken by way of their iterator. */
export function bodyOf({ method, body }: AwsRequest): RequestInit {
  if (!body || method === 'GET' || method === 'HEAD') return {}
  const iterable = body as AsyncIterable<Uint8Array<ArrayBuffer>>
  const isNodeStream = !(body instanceof ReadableStream) && iterable[Symbol.asyncIterator] !== undefined
  const sent = isNodeStream ? streamOf(iterable) : body
  return { body: sent as NonNullable<RequestInit['body']>, ...(sent instanceof ReadableStream && { duplex: 'half' }) }
}

/** `ReadableStream.from` is not everywhere yet. */
function streamOf(iterable: AsyncIterable<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = iterable[Symbol.asyncIterator]()
  return new ReadableStream(
    {
      async pull(controller) {
        const step: IteratorResult<Uint8Array<ArrayBuffer>, unknown> = await iterator.next()
        if (step.done) controller.close()
        else controller.enqueue(step.value)
      },
      async cancel(reason) {
        await iterator.return?.(reason)
      },
    },
    { highWaterMark: 0 },
  )
}

import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createTransport } from '../snippets/mcp.ts'

const route = 'POST /mcp'
const answer = { jsonrpc: '2.0' as const, id: 1, result: { tools: [] } }
const notes = [1, 2, 3].map((progress) => ({
  jsonrpc: '2.0' as const,
  method: 'notifications/progress',
  params: { progressToken: 1, progress },
}))
const events = [...notes, answer]

export const mcp: ClientEntry = {
  name: 'mcp',
  package: '@modelcontextprotocol/sdk',
  how: '`new StreamableHTTPClientTransport(url, { fetch })`. Options and an Idempotency-Key are those of a transport, in its `requestInit`, not of a call. A GET is only the stream of events: in its place stands a POST with an Idempotency-Key.',
  exchanges: {
    get: { route, answer },
    post: { route, answer },
    stream: { route, body: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(''), items: events },
  },
  make: ({ fetch, baseUrl, credential }) => {
    async function* call(
      method: string,
      params: Record<string, unknown>,
      idempotencyKey?: string,
      signal?: AbortSignal,
    ) {
      const transport = createTransport(fetch, `${baseUrl}/mcp`, {
        headers: requestHeaders(credential, idempotencyKey),
      })
      const { readable, writable } = new TransformStream<unknown, unknown>()
      const writer = writable.getWriter()
      Object.assign(transport, {
        onmessage: (message: object) => {
          void writer.write(message)
          if ('result' in message) void writer.close()
        },
        onerror: (error: Error) => void writer.abort(error).catch(() => {}),
      })
      signal?.addEventListener('abort', () => void transport.close())
      await transport.start()
      await transport.send({ jsonrpc: '2.0', id: 1, method, params })
      yield* readable
      await transport.close()
    }
    const post = async (text: string, key?: string, signal?: AbortSignal): Promise<unknown> => {
      for await (const message of call('tools/call', { name: 'echo', arguments: { text } }, key, signal)) return message
      return undefined
    }
    return {
      get: ({ signal } = {}) => post('Hello', 'get', signal),
      post: (text, { signal, idempotencyKey } = {}) => post(text, idempotencyKey, signal),
      stream: () => call('tools/list', {}),
    }
  },
  ownRetry: { off: 'none' },
  errors: {
    status: { name: 'StreamableHTTPError', is: (error) => error instanceof StreamableHTTPError },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'withOptions',
  cannot: {
    'status-error': '`StreamableHTTPError` has the status and the text, and nothing that leads to the response.',
  },
}

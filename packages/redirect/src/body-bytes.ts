import type { HttpRequest } from '@fetchstack/handler-stack'

/**
 * The same request with its body as bytes, where it came in a `Request`: that can't get another URL and keep the length of its
 * body. What was copied is in memory by then anyway. An abort ends the wait for it at once.
 */
export async function withBytes(spare: HttpRequest): Promise<HttpRequest> {
  const { source, signal } = spare
  if (spare.replay !== 'clone') return spare
  signal?.throwIfAborted()
  const bytes = await new Promise<ArrayBuffer>((resolve, reject) => {
    const stop = (): void => reject(signal!.reason)
    signal?.addEventListener('abort', stop)
    source!
      .arrayBuffer()
      .then(resolve, reject)
      .finally(() => signal?.removeEventListener('abort', stop))
  })
  return spare.with({ body: null }).with({ body: bytes })
}

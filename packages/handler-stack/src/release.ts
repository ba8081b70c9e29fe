/**
 * Frees the connection of a response that nobody will read: an unread body holds its socket.
 * Returns at once and never throws: with a cloned body the cancellation settles only when both copies are cancelled.
 *
 * @example
 * ```ts
 * import { release } from '@fetchstack/handler-stack'
 *
 * release(await fetch('https://api.example.com/videos'))
 * ```
 */
export function release({ body }: Pick<Response, 'body'>): void {
  // A locked body has its reader, and rejects.
  body?.cancel().catch(() => {})
}

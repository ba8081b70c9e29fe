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
export function release(response: Response): void {
  const { body } = response
  if (body === null || body === undefined || body.locked) return
  body.cancel().catch(() => {})
}

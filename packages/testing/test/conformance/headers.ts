import type { HttpRequest } from '@fetchstack/handler-stack'

/** The headers of a request as a plain object. */
export function getHeaders({ headers }: HttpRequest): Record<string, string> {
  return Object.fromEntries(new Headers(headers))
}

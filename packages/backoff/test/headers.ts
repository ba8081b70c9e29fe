import type { HintResponse } from '../src/index.ts'

/** 2026-01-01T00:00:00Z, a Thursday. */
export const now = 1_767_225_600_000

/** A response as `fetch` gives it, without a body. */
export function respond(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers })
}

/** A response from another origin, as a browser shows it. A constructed one can't have that type. */
export function acrossOrigins(status: number, headers: Record<string, string> = {}): HintResponse {
  return { status, headers: new Headers(headers), type: 'cors' }
}

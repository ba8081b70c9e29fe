import type { HttpRequest } from '@fetchstack/handler-stack'
import type { Decision } from '@fetchstack/retry-decision'
import type { Verdict } from '@fetchstack/status-classifier'

/** How an attempt ended. */
export type Ending = { readonly response: Response } | { readonly error: unknown }

/** Where a call stands when an attempt has ended. */
export interface Progress {
  /** Attempts that count, the one that just ended included. */
  readonly attempt: number
  readonly transparentRetries: number
  readonly previousBackoff: number
  /** Whether the body can be sent again; asked before it was sent. */
  readonly replay: HttpRequest['replay']
  /** When the call must be over, in milliseconds since the epoch. */
  readonly deadline: number | undefined
  readonly now: number
}

export interface Judgement {
  readonly decision: Decision
  readonly verdict?: Verdict
  readonly hint?: readonly string[]
}

/** Decides about an ended attempt. */
export interface Judge {
  /** Attempts at most, those that don't count included: a backstop. */
  readonly limit: number
  /** Whether a 2xx needs no look: it is a success. */
  readonly trustsSuccess: boolean
  /** Whether a request of this kind might ever be resent, so that its body must be kept. */
  mayResend(request: HttpRequest): boolean
  judge(ending: Ending, request: HttpRequest, progress: Progress): Judgement | Promise<Judgement>
}

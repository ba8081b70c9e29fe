import { type HintReader, type Random, serverHint } from '@fetchstack/backoff'
import type { HttpRequest } from '@fetchstack/handler-stack'
import { type BudgetBook, decide, mayResend, type Policy } from '@fetchstack/retry-decision'
import { type ClassifyOptions, classify } from '@fetchstack/status-classifier'
import type { Judge } from './judge.ts'

/** Decides by a policy: classify, read the server's hint, decide. */
export function policyJudge(
  policy: Policy,
  book: BudgetBook | undefined,
  keyOf: (request: HttpRequest) => string,
  classification: ClassifyOptions,
  readers: readonly HintReader[] | undefined,
  random: Random,
): Judge {
  return {
    limit: policy.maxAttempts + policy.transparentRetries,
    trustsSuccess: true,
    mayResend: (request) => mayResend(policy, request),
    judge(ending, request, progress) {
      const { now } = progress
      const verdict = classify(ending, request, classification)
      const hint =
        'response' in ending
          ? serverHint(ending.response, readers === undefined ? { now } : { now, readers })
          : undefined
      const decision = decide(policy, {
        ...progress,
        verdict,
        hint,
        random,
        outcome: ending,
        budget: book?.state(keyOf(request)),
        request: {
          method: request.method,
          url: request.url,
          replay: progress.replay,
          idempotencyKey: request.header('idempotency-key') !== undefined,
        },
      })
      return hint === undefined || hint.evidence.length === 0
        ? { decision, verdict }
        : { decision, verdict, hint: hint.evidence }
    },
  }
}

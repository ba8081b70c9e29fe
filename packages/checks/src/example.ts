import { bearer } from '@fetchstack/auth'
import { HandlerStack } from '@fetchstack/handler-stack'
import { retry } from '@fetchstack/retry'
import { timeout } from '@fetchstack/timeout'

/** The stack that the README shows. Its bundle is what a user of the whole foundation pays. */
export const stack = HandlerStack.create()
  .push(timeout(30_000), 'total-timeout')
  .push(retry({ maxAttempts: 3 }))
  .push(timeout(10_000), 'attempt-timeout')
  .push(bearer('my-token', { origins: ['https://api.example.com'] }))

export const api: typeof fetch = stack.toFetch()

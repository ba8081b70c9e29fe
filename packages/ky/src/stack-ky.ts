import type { AnyStack } from '@fetchstack/handler-stack'
import ky, { type Options as KyOptions } from 'ky'
import { stackOptions } from './stack-options.ts'
import type { StackKy } from './types.ts'

/**
 * Mode A, typed: a ky instance on a stack. Its calls take the per-call options of the stack's layers under `fetchstack`.
 *
 * @param stack - What sends the requests.
 * @param options - ky's options, as for {@link stackOptions}.
 * @throws {OptionError} `fetch` is given besides the stack, or both would retry.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { stackKy } from '@fetchstack/ky'
 * import { retry } from '@fetchstack/retry'
 *
 * const api = stackKy(HandlerStack.create().push(retry()), { prefix: 'https://api.example.com' })
 * const videos = await api.get('videos', { fetchstack: { retry: { maxAttempts: 5 } } }).json()
 * ```
 */
export function stackKy<Options extends object>(stack: AnyStack<Options>, options: KyOptions = {}): StackKy<Options> {
  // ky passes on what it does not know, `fetchstack` too; only its types have to be told.
  return ky.create(stackOptions(stack, options)) as StackKy<Options>
}

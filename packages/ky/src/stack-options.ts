import type { AnyStack } from '@fetchstack/handler-stack'
import { OptionError } from '@fetchstack/options'
import type { Options as KyOptions } from 'ky'

/**
 * Mode A: the options that put a stack under ky, for an instance of one's own: `ky.extend(stackOptions(stack))`.
 *
 * ky's own retry and timeout are off: the stack does both, and ky's 10 s would cut all attempts together. When a call
 * switches ky's retry on again while the stack retries too, it is refused: the attempts would multiply.
 *
 * @param stack - What sends the requests.
 * @param options - Other options of ky's. `timeout` (ms) then bounds the whole call, all attempts of the stack included.
 * @throws {OptionError} `fetch` is given besides the stack, or both would retry.
 * @example
 * ```ts
 * import { HandlerStack } from '@fetchstack/handler-stack'
 * import { stackOptions } from '@fetchstack/ky'
 * import { retry } from '@fetchstack/retry'
 * import ky from 'ky'
 *
 * const stack = HandlerStack.create().push(retry())
 * export const api = ky.extend(stackOptions(stack, { prefix: 'https://api.example.com' }))
 * ```
 */
export function stackOptions<Options extends object>(
  stack: AnyStack<Options>,
  options: Omit<KyOptions, 'fetch'> = {},
): KyOptions {
  if (typeof stack?.toFetch !== 'function') {
    throw new OptionError('ky', 'stack', 'the first argument must be a HandlerStack: HandlerStack.create().push(…).')
  }
  if (typeof options !== 'object' || options === null) {
    throw new OptionError('ky', 'options', 'the second argument must be an object of options of ky.')
  }
  if ((options as KyOptions).fetch !== undefined) {
    throw new OptionError(
      'ky',
      'fetch',
      'fetch is the stack here. Give yours to the stack: stack.withHandler(fetchHandler(fetch)).',
    )
  }
  const refuseBoth = ({ retry }: KyOptions): void => {
    const limit = typeof retry === 'object' ? (retry.limit ?? 2) : (retry ?? 0)
    if (stack.maxAttempts === 1 || limit === 0) return
    throw new OptionError(
      'ky',
      'retry',
      `ky would resend up to ${limit} times what the stack resends already, and the attempts multiply. ` +
        "Keep one: leave out ky's retry option, or take retry out of the stack. For one call: { fetchstack: { retry: … } }.",
    )
  }
  refuseBoth(options)
  const { hooks, ...rest } = options
  return {
    timeout: false,
    ...rest,
    retry: options.retry ?? { limit: 0 },
    fetch: stack.toFetch(),
    hooks: { ...hooks, init: [...(hooks?.init ?? []), refuseBoth] },
  }
}

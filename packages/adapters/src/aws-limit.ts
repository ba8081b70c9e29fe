/** The SDK's own form of a signal, from before the platform had one. */
interface OldSignal {
  readonly aborted: boolean
}

/**
 * Runs `work` with a signal that ends it on the caller's abort or after `limit` milliseconds, and gives both the names by which the SDK
 * knows them. After the headers the limit is over; the caller's abort still ends the body.
 */
export async function limited<T>(
  given: unknown,
  limit: number,
  work: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  const caller = signalOf(given)
  const timer = limit > 0 ? new AbortController() : undefined
  const timeout = timer && setTimeout(() => timer.abort(), limit)
  const signals = [caller, timer?.signal].filter((signal) => signal !== undefined)
  try {
    caller?.throwIfAborted()
    return await work(signals.length > 1 ? AbortSignal.any(signals) : signals[0])
  } catch (error) {
    if (caller?.aborted) throw named('AbortError', 'Request aborted', caller.reason)
    if (timer?.signal.aborted) throw named('TimeoutError', `No response within ${limit} ms (requestTimeout)`, error)
    throw error
  } finally {
    clearTimeout(timeout)
  }
}

function named(name: string, message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name })
}

function signalOf(given: unknown): AbortSignal | undefined {
  if (given === undefined || given === null || given instanceof AbortSignal) return given ?? undefined
  const old = given as OldSignal
  const controller = new AbortController()
  if (old.aborted) controller.abort()
  Object.assign(old, { onabort: () => controller.abort() })
  return controller.signal
}

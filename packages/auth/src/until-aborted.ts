/** As `work` settles; rejects with the signal's reason as soon as it aborts. Leaves no listener behind. */
export function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return Promise.resolve(work)
  return new Promise((resolve, reject) => {
    let settled = false
    let stop = (): void => {
      settled = true
    }
    const settle =
      <A>(how: (outcome: A) => void) =>
      (outcome: A): void => {
        stop()
        how(outcome)
      }
    work.then(settle(resolve), settle(reject))
    // What is known already settles before this; a listener costs three times as much.
    void Promise.resolve().then(() => {
      if (settled) return
      const onAbort = (): void => settle(reject)(signal.reason)
      stop = () => signal.removeEventListener('abort', onAbort)
      signal.addEventListener('abort', onAbort)
      if (signal.aborted) onAbort()
    })
  })
}

/** As `work` settles; rejects with the signal's reason as soon as it aborts. Leaves no listener behind. */
export function untilAborted<T>(work: PromiseLike<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return Promise.resolve(work)
  return new Promise((resolve, reject) => {
    let pending = true
    let listening = false
    const settle = (): void => {
      if (listening) signal.removeEventListener('abort', settle)
      pending = false
      if (signal.aborted) reject(signal.reason)
      else resolve(work)
    }
    work.then(settle, settle)
    // What is known already has settled before this; a listener costs three times as much.
    void Promise.resolve().then(() => {
      if (!pending) return
      listening = true
      signal.addEventListener('abort', settle)
      if (signal.aborted) settle()
    })
  })
}

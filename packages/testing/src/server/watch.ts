/** Waiting for something to become true, without polling. */
export interface Watch {
  /** Looks at all conditions that are waited for. */
  readonly changed: () => void
  /** Resolves when the condition holds; rejects after `timeout` milliseconds, when it throws, or on `stop`. */
  readonly until: (condition: () => boolean, timeout: number) => Promise<void>
  /** Rejects all that is still waited for. */
  readonly stop: () => void
}

/** @param state - Says how things are, for the error. */
export function createWatch(state: () => string): Watch {
  const waiting = new Map<() => void, (why: string) => void>()
  return {
    changed: () => {
      for (const look of waiting.keys()) look()
    },
    until: (condition, timeout) =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void) => {
          clearTimeout(timer)
          waiting.delete(look)
          act()
        }
        const look = () => {
          try {
            if (condition()) settle(resolve)
          } catch (error) {
            settle(() => reject(error))
          }
        }
        const fail = (why: string) => settle(() => reject(new Error(`faultyServer: ${why}: ${state()}.`)))
        const timer = setTimeout(fail, timeout, `what was waited for did not come within ${timeout} ms`)
        waiting.set(look, fail)
        look()
      }),
    stop: () => {
      for (const fail of waiting.values()) fail('closed while something was waited for')
    },
  }
}

/** A signal, and how many abort listeners are on it. */
export interface WatchedSignal {
  readonly controller: AbortController
  readonly signal: AbortSignal
  readonly listeners: () => number
}

/** Counts the listeners by way of the two methods of this one signal. */
export function watchedSignal(): WatchedSignal {
  const controller = new AbortController()
  const { signal } = controller
  const listeners = new Map<unknown, boolean>()
  const { addEventListener, removeEventListener } = EventTarget.prototype
  Object.defineProperties(signal, {
    addEventListener: {
      configurable: true,
      value: (type: string, listener: EventListener | null, options?: AddEventListenerOptions | boolean) => {
        const once = typeof options === 'object' && options.once === true
        if (listener !== null) listeners.set(listener, once)
        addEventListener.call(signal, type, listener, options)
      },
    },
    removeEventListener: {
      configurable: true,
      value: (type: string, listener: EventListener | null, options?: EventListenerOptions | boolean) => {
        listeners.delete(listener)
        removeEventListener.call(signal, type, listener, options)
      },
    },
  })
  return {
    controller,
    signal,
    // One that was added to be called once is gone when the signal was aborted.
    listeners: () => [...listeners.values()].filter((once) => !(once && signal.aborted)).length,
  }
}

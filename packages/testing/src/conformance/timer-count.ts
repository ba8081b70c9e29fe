type Timer = (callback: (...args: unknown[]) => void, delay?: number, ...args: unknown[]) => unknown

/** The timers that were set and have neither fired nor been cleared: their delays. */
export interface TimerCount {
  readonly pending: readonly number[]
  stop(): void
}

/** Whether Node itself set the timer, such as undici for a connection that it keeps: by who called. */
function isPlatform(stack = ''): boolean {
  return stack.split('\n')[2]?.includes('node:internal') === true
}

const names = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] as const

/** Counts the timers that anybody sets by way of the globals, until `stop`. */
export function countTimers(): TimerCount {
  const scope = globalThis as unknown as Record<string, Timer & ((handle: unknown) => void)>
  const originals = names.map((name) => [name, scope[name]!] as const)
  const { setTimeout, setInterval, clearTimeout, clearInterval } = globalThis as unknown as Record<string, Timer>
  const pending = new Map<unknown, number>()
  // A handle is an object on some runtimes, and can be cleared by its number too.
  const keyOf = (handle: unknown): unknown => (typeof handle === 'object' && handle !== null ? Number(handle) : handle)
  const setting = (original: Timer, repeats: boolean): Timer =>
    function set(callback, delay = 0, ...args) {
      const handle = original.call(
        globalThis,
        (...given: unknown[]) => {
          if (!repeats) pending.delete(keyOf(handle))
          callback(...given)
        },
        delay,
        ...args,
      )
      if (!isPlatform(new Error().stack)) pending.set(keyOf(handle), delay)
      return handle
    }
  const clearing = (original: unknown) => (handle: unknown) => {
    pending.delete(keyOf(handle))
    ;(original as (handle: unknown) => void).call(globalThis, handle)
  }
  Object.assign(scope, {
    setTimeout: setting(setTimeout!, false),
    setInterval: setting(setInterval!, true),
    clearTimeout: clearing(clearTimeout),
    clearInterval: clearing(clearInterval),
  })
  return {
    get pending() {
      return [...pending.values()]
    },
    stop: () => {
      for (const [name, original] of originals) scope[name] = original
    },
  }
}

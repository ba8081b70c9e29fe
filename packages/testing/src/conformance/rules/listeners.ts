import type { Check, RuleChecks } from '../rule.ts'
import { canned } from '../stage.ts'

const CALLS = 300
// A middleware may keep one for all calls, or a few.
const KEPT = 5

export const listeners: RuleChecks = {
  name: 'listeners',
  asks: 'No listener stays on a signal that many calls share.',
  checks: () => [
    check('calls that succeed', () => new Response('ok')),
    check('calls that fail', () => {
      throw new Error('the kit lets it fail')
    }),
  ],
}

function check(name: string, answer: () => Response): Check {
  return {
    name: `${CALLS} ${name}`,
    run: async (stage) => {
      const controller = new AbortController()
      const left = countListeners(controller.signal)
      // Without a network: what a runtime's own fetch leaves on the signal does not count.
      const api = stage.api(canned(answer))
      const calls = Array.from({ length: CALLS }, async (_, index) => {
        try {
          await (await api(`${stage.server.url}/${index}`, { signal: controller.signal })).text()
        } catch {
          // How it ends is the concern of other rules.
        }
      })
      await stage.settled(Promise.all(calls), `${CALLS} ${name}`)
      stage.check(
        controller.signal.onabort === null,
        "the signal's onabort was set, which is the caller's. Use addEventListener.",
      )
      const count = left()
      stage.check(
        count <= KEPT,
        `${count} listeners are left on the signal after ${CALLS} ${name}. Remove what was added, or use { once: true } ` +
          'together with removeEventListener; or join signals with AbortSignal.any.',
      )
    },
  }
}

/** Counts what is added and not removed, by own properties of this one signal. */
function countListeners(signal: AbortSignal): () => number {
  const added: { listener: unknown; capture: boolean }[] = []
  const { addEventListener, removeEventListener } = signal
  const captures = (options: unknown): boolean =>
    typeof options === 'object' ? Boolean(options && 'capture' in options && options.capture) : Boolean(options)
  const find = (listener: unknown, options: unknown): number =>
    added.findIndex((one) => one.listener === listener && one.capture === captures(options))
  const forget = (listener: unknown, options: unknown): void => {
    const index = find(listener, options)
    if (index >= 0) added.splice(index, 1)
  }
  Object.assign(signal, {
    addEventListener(type: string, listener: EventListener, options?: AddEventListenerOptions | boolean) {
      if (listener !== null && find(listener, options) < 0) added.push({ listener, capture: captures(options) })
      const { signal: until } = Object(options) as AddEventListenerOptions
      until?.addEventListener('abort', () => forget(listener, options), { once: true })
      return addEventListener.call(signal, type, listener, options)
    },
    removeEventListener(type: string, listener: EventListener, options?: EventListenerOptions | boolean) {
      forget(listener, options)
      return removeEventListener.call(signal, type, listener, options)
    },
  })
  return () => added.length
}

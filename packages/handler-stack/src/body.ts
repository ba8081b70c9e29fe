/** A body that is watched. */
export interface WatchedBody {
  /**
   * Ends the body with an error: who reads it now or later gets that very error, and at once, also when the body does not
   * listen to the signal of its request. Does nothing when the body is over.
   */
  fail(error: unknown): void
}

/**
 * Tells when the body of a response is over, and leaves the response as it is: the same object with the same `url`,
 * `redirected` and `type`; nothing is read, cloned or copied.
 *
 * It is over when it has been read to the end by any of its methods or through `response.body`, when reading it failed, or
 * when it was cancelled. Without a body that is at once. Of a response and its clones, the first that is read to the end
 * counts, but only the last that is cancelled.
 *
 * One thing shows: `bodyUsed` turns true a microtask late when the first look at `response.body` also starts to read it.
 *
 * Two kinds of bodies never tell: those that nobody reads, and those that the platform reads past JavaScript (`cache.put`,
 * `Bun.write`, a Worker that returns the response). Who holds something until the end must let go of it at some time anyway.
 *
 * @param response - It gets another prototype, which inherits from its own.
 * @param onEnd - Called once; must not throw. Several can watch one response.
 * @returns `undefined` when there is nothing to watch, and for a frozen response: then `onEnd` is never called.
 * @example
 * ```ts
 * import type { Middleware } from '@fetchstack/handler-stack'
 * import { watchBody } from '@fetchstack/handler-stack/body'
 *
 * export const stopwatch: Middleware = (next) =>
 *   async function stopwatch(request, call) {
 *     const start = performance.now()
 *     const response = await next(request, call)
 *     watchBody(response, () => console.log(String(request), performance.now() - start, 'ms'))
 *     return response
 *   }
 * ```
 */
export function watchBody(response: Response, onEnd: () => void): WatchedBody | undefined {
  let watch = Stamped.branchOf(response)?.watch
  if (!watch) {
    if (!Object.isExtensible(response)) return undefined
    // A layer that read the body and hands the response on has left nothing to watch.
    if (!response.body || response.bodyUsed) {
      onEnd()
      return undefined
    }
    watch = new Watch()
    adopt(response, watch)
  }
  watch.add(onEnd)
  return watch
}

/** One body, with all the branches that `clone` made of it. */
class Watch implements WatchedBody {
  branches = 0
  over = false
  readonly watchers: (() => void)[] = []
  /** How to reach those who are reading. */
  readonly readers: ((error: unknown) => void)[] = []

  add(onEnd: () => void): void {
    if (this.over) onEnd()
    else this.watchers.push(onEnd)
  }

  read(reject: (error: unknown) => void): void {
    this.readers.push(reject)
  }

  end(): void {
    if (this.over) return
    this.over = true
    for (const onEnd of this.watchers) onEnd()
  }

  fail(error: unknown): void {
    if (this.over) return
    this.read = (reject) => reject(error)
    this.readers.forEach(this.read)
    this.end()
  }
}

interface Branch {
  readonly watch: Watch
  /** What `response.body` gave. */
  stream: ReadableStream | undefined
}

// What extends this puts its private fields on what it is given: unseen, and at a fifth of what a WeakMap costs.
const Given = function given(response: Response) {
  return response
} as unknown as new (
  response: Response,
) => object

class Stamped extends Given {
  readonly #branch: Branch

  constructor(response: Response, branch: Branch) {
    super(response)
    this.#branch = branch
  }

  static branchOf(response: Response): Branch | undefined {
    return #branch in response ? response.#branch : undefined
  }
}

function adopt(response: Response, watch: Watch): void {
  watch.branches++
  // Stamped first: the other way round takes Node 22 five times as long.
  const stamped = new Stamped(response, { watch, stream: undefined })
  Reflect.setPrototypeOf(stamped, derivedFrom(Object.getPrototypeOf(response) as Response))
}

const derived = /* @__PURE__ */ new WeakMap<object, object>()

function derivedFrom(parent: Response): object {
  let prototype = derived.get(parent)
  if (!prototype) derived.set(parent, (prototype = derive(parent)))
  return prototype
}

function derive(parent: Response): object {
  const bodyOf = (response: Response) => Reflect.get(parent, 'body', response) as ReadableStream | null
  /** The body when it can still be read. Not the Node stream of node-fetch, which has no `locked`. */
  const freshBodyOf = (response: Response) => {
    const body = bodyOf(response)
    return body?.locked === false && !response.bodyUsed ? body : undefined
  }
  /** The platform locks its own stream only, so the one that was given out is locked here. Throws when it is already. */
  const take = (response: Response) => {
    const branch = freshBodyOf(response) && Stamped.branchOf(response)
    branch?.stream?.getReader()
    return branch
  }
  const prototype = {
    __proto__: parent,

    get body(): ReadableStream | null {
      const response = this as unknown as Response
      const branch = Stamped.branchOf(response)
      if (branch?.stream) return branch.stream
      const inner = freshBodyOf(response)
      if (!branch || !inner) return bodyOf(response)
      return (branch.stream = relay(response, inner, branch.watch))
    },

    clone(this: Response): Response {
      const branch = take(this)
      const copy = parent.clone.call(this)
      if (branch) {
        // The platform gives another one from now on.
        branch.stream = undefined
        adopt(copy, branch.watch)
      }
      return copy
    },
  }
  for (const name of ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const) {
    const consume = parent[name] as (() => Promise<unknown>) | undefined
    if (!consume) continue
    Object.assign(prototype, {
      async [name](this: Response): Promise<unknown> {
        const watch = take(this)?.watch
        const result = consume.call(this)
        // A second reader is refused, and that is no end.
        if (!watch) return result
        try {
          return await new Promise((resolve, reject) => {
            watch.read(reject)
            result.then(resolve, reject)
          })
        } finally {
          watch.end()
        }
      },
    })
  }
  return prototype
}

/** A stream that reads another one only as it is read itself, of the same kind, and tells of its end. */
function relay(response: Response, inner: ReadableStream, watch: Watch): ReadableStream {
  let reader: ReadableStreamDefaultReader | undefined
  const cancel = (reason: unknown) => (reader ?? inner).cancel(reason)
  const source = {
    // Node cancels the body of a response that is collected, unless it is locked: who holds the stream must hold that too.
    response,
    type: isByteStream(inner) ? 'bytes' : undefined,
    start(controller: ReadableByteStreamController) {
      watch.read((error) => {
        controller.error(error)
        cancel(error).catch(() => {})
      })
    },
    async pull(controller: ReadableByteStreamController) {
      reader ??= inner.getReader()
      const { done, value } = (await reader.read().catch((error: unknown) => {
        watch.end()
        throw error
      })) as ReadableStreamReadResult<Uint8Array<ArrayBuffer>>
      if (!done) return controller.enqueue(value)
      // Throws when it was cancelled: then a clone may still be read.
      controller.close()
      watch.end()
      controller.byobRequest?.respond(0)
    },
    cancel(reason: unknown) {
      if (--watch.branches === 0) watch.end()
      return cancel(reason)
    },
  }
  return new ReadableStream(source as UnderlyingByteSource, { highWaterMark: 0 })
}

function isByteStream(stream: ReadableStream): boolean {
  try {
    stream.getReader({ mode: 'byob' }).releaseLock()
    return true
  } catch {
    return false
  }
}

import {
  type AnyMiddleware,
  type Call,
  fetchHandler,
  type Handler,
  HandlerStack,
  type HttpRequest,
  type StackFetch,
} from '@fetchstack/handler-stack'
import { ConformanceError } from './conformance-error.ts'
import type { Declared, Rule } from './rule.ts'
import type { TestServer } from './server.ts'
import type { KnownSubject } from './subject.ts'

/** One pass through a spy. */
export interface Pass {
  readonly request: HttpRequest
  readonly call: Call
  response: Response | undefined
}

/** A handler that remembers what passed it. */
export interface Spy extends Handler {
  readonly passes: readonly Pass[]
}

/** What a check has at hand. */
export interface Stage {
  readonly server: TestServer
  readonly declared: Declared
  readonly patience: number
  /** The subject; a fresh one where a factory was given. */
  make(): AnyMiddleware
  /** The subject in a stack of its own, as a fetch. */
  api(terminal?: Handler, middleware?: AnyMiddleware): StackFetch<object>
  fail(problem: string, cause?: unknown): never
  /** Fails unless `condition` holds. */
  check(condition: boolean, problem: string): void
  /** What a promise gives; fails when that takes too long. */
  settled<T>(promise: Promise<T>, what: string): Promise<T>
  /** A call that must succeed. */
  answer(promise: Promise<Response>, what: string): Promise<Response>
  /** What a call was rejected with; fails when it was not. */
  rejection(promise: Promise<unknown>, what: string): Promise<unknown>
  /** Fails when the server does not get there in time. */
  until(condition: Parameters<TestServer['until']>[0], problem: string): Promise<void>
}

/** Sets the stage for one check. */
export function setStage(
  subject: KnownSubject,
  rule: Rule,
  server: TestServer,
  declared: Declared,
  patience: number,
): Stage {
  const fail = (problem: string, cause?: unknown): never => {
    throw new ConformanceError(subject.name, rule.name, problem, cause)
  }
  const settled = async <T>(promise: Promise<T>, what: string): Promise<T> => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const late = new Promise<never>((_, reject) => {
      const problem = `${what}: nothing came within ${patience} ms (if it waits on purpose: make it with short waits).`
      timer = setTimeout(() => reject(new ConformanceError(subject.name, rule.name, problem)), patience)
    })
    try {
      return await Promise.race([promise, late])
    } finally {
      clearTimeout(timer)
    }
  }
  const stage: Stage = {
    server,
    declared,
    patience,
    make: subject.make,
    api: (terminal = fetchHandler(), middleware = subject.make()) =>
      new HandlerStack(terminal).push(middleware as (next: Handler) => Handler, 'subject').toFetch(),
    fail,
    check: (condition, problem) => {
      if (!condition) fail(problem)
    },
    settled,
    answer: async (promise, what) => {
      let response: Response | undefined
      try {
        response = await settled(promise, what)
      } catch (error) {
        if (error instanceof ConformanceError) throw error
        return fail(`${what}: the call was rejected (${nameError(error)}).`, error)
      }
      if (typeof response?.status === 'number') return response
      return fail(`${what}: the call gave ${response === null ? 'null' : typeof response}, and no response.`)
    },
    rejection: async (promise, what) => {
      const outcome = await settled(
        promise.then(
          () => undefined,
          (error: unknown) => ({ error }),
        ),
        what,
      )
      return outcome === undefined ? fail(`${what}: the call was not rejected.`) : outcome.error
    },
    until: async (condition, problem) => {
      try {
        await server.until(condition, patience)
      } catch (error) {
        fail(problem, error)
      }
    },
  }
  return stage
}

/** A handler in front of `next` that remembers what passes. */
export function spy(next: Handler = fetchHandler()): Spy {
  const passes: Pass[] = []
  const watch = async (request: HttpRequest, call: Call): Promise<Response> => {
    const pass: Pass = { request, call, response: undefined }
    passes.push(pass)
    return (pass.response = await next(request, call))
  }
  return Object.assign(watch, { passes })
}

/** A handler without a network. */
export function canned(
  make: (request: HttpRequest) => Response | Promise<Response> = () => new Response('canned'),
): Spy {
  return spy(async (request) => make(request))
}

/** Short, for a message. */
export function nameError(error: unknown): string {
  try {
    const { name, message } = Object(error) as Partial<Error>
    return typeof message === 'string' ? `${name}: ${message}` : String(error)
  } catch {
    return typeof error
  }
}

/** Lets what is due come: a turn of the event loop, timers too. */
export function turn(ms = 0): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms)
  })
}

import type { Call, Clock, Handler, HttpRequest } from '@fetchstack/handler-stack'
import { type Challenge, parseChallenges } from '@fetchstack/www-authenticate'
import { type BodyBytes, readBody } from './body-bytes.ts'
import { authTime } from './clock.ts'
import type { AuthContext, AuthTime } from './scheme.ts'
import { untilAborted } from './until-aborted.ts'

/** What all contexts of a layer share. */
export interface Surroundings {
  readonly scheme: string
  readonly layer: string
  readonly next: Handler
  readonly clock: Pick<Clock, 'now'>
  readonly bodyLimit: number
}

/** All but the plain values is made when it is asked for. What it gives can be taken apart: nothing needs `this`. */
export class Context implements AuthContext {
  readonly origin: string
  readonly attempt: number
  readonly signal: AbortSignal | undefined
  readonly #around: Surroundings
  readonly #call: Call
  #time: AuthTime | undefined
  #parsed: WeakMap<Response, readonly Challenge[]> | undefined
  #bodies: WeakMap<HttpRequest, Promise<BodyBytes>> | undefined

  constructor(around: Surroundings, origin: string, { signal }: HttpRequest, call: Call) {
    this.origin = origin
    this.attempt = call.attempt
    this.signal = signal
    this.#around = around
    this.#call = call
  }

  get call(): Call {
    return this.#call
  }

  get time(): AuthTime {
    return (this.#time ??= authTime(this.origin, this.#around.clock))
  }

  get challenges(): AuthContext['challenges'] {
    const parsed = (this.#parsed ??= new WeakMap())
    return (response) => {
      let challenges = parsed.get(response)
      if (challenges === undefined) parsed.set(response, (challenges = parseChallenges(response)))
      return challenges
    }
  }

  get bytes(): AuthContext['bytes'] {
    const bodies = (this.#bodies ??= new WeakMap())
    const { scheme, bodyLimit } = this.#around
    return (request) => {
      let body = bodies.get(request)
      if (body === undefined) bodies.set(request, (body = readBody(request, scheme, bodyLimit)))
      return untilAborted(body, this.signal)
    }
  }

  get plain(): AuthContext['plain'] {
    return (request) => this.#around.next(request, this.#call)
  }

  get record(): AuthContext['record'] {
    const { layer } = this.#around
    return (event, detail) => {
      const entry = { layer, event, attempt: this.attempt }
      this.#call.record(detail === undefined ? entry : { ...entry, detail })
    }
  }
}

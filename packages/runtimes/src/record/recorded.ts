import { existsSync, readFileSync } from 'node:fs'
import type { ErrorShape, RecordedErrors, RuntimeName } from '@fetchstack/corpus'
import type { Form } from '../behaviours/forms.ts'
import type { Observation } from '../contract.ts'
import { difference } from '../difference.ts'

/** Where a chance of a moment says which error it is, or the machine's resolver. Recorded once, and not compared. */
export const VARYING: readonly string[] = ['body-reset', 'dns-not-found', 'reset-before-headers']

export function fileOf(runtime: RuntimeName): URL {
  return new URL(`../../../corpus/src/errors/${runtime}.json`, import.meta.url)
}

const files = new Map<RuntimeName, RecordedErrors | undefined>()

/** What was recorded of a runtime; `undefined` when nothing was. */
export function recordedOf(runtime: RuntimeName): RecordedErrors | undefined {
  if (!files.has(runtime)) {
    const file = fileOf(runtime)
    files.set(runtime, existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RecordedErrors) : undefined)
  }
  return files.get(runtime)
}

/** Which form stands for a kind of request of the corpus, where the situation has it. */
export const FORMS: readonly string[] = ['get', 'post-string', 'post-request', 'post-stream']

/** What fetch threw at first, or what was thrown in its place when it was not even called. */
export function shapeOf(group: string, observation: Observation): ErrorShape | undefined {
  const { attempts, body, error } = observation as {
    attempts?: readonly { error?: ErrorShape }[]
    body?: { error?: ErrorShape }
    error?: ErrorShape
  }
  // The reason of a signal is what fetch would throw; an error of the stack itself is none of the runtime's.
  return attempts?.[0]?.error ?? body?.error ?? (group === 'abort-before' ? error : undefined)
}

/** Whether the error differs from the recorded one. Situations that are in no record are not looked at. */
export function shapeProblem(
  group: string,
  { name }: Form,
  runtime: RuntimeName,
  observation: Observation,
): string | undefined {
  const recorded = recordedOf(runtime)?.situations[group]
  if (!FORMS.includes(name) || VARYING.includes(group) || recorded === undefined) return undefined
  const shape = shapeOf(group, observation)
  // That a call fails which should not is told by the course that is expected of it.
  if (shape === undefined || 'absent' in recorded) return undefined
  const expected = name === 'get' ? recorded.error : (recorded.post ?? recorded.error)
  const text = difference(expected, shape)
  return text === undefined ? undefined : `The error is not the one that was recorded. ${RECORD}\n${text}`
}

const RECORD = 'If the runtime has changed, re-record with "pnpm test:runtimes --record".'

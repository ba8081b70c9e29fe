import { checkNumber } from '@fetchstack/options'
import { classifyStatus } from './status-table.ts'
import { registered, type Text, unregistered } from './status-texts.ts'
import type { StatusDescription } from './types.ts'

/**
 * Tells what a status code means, with the source of it, and a sentence for a person on what to do.
 *
 * A code that is not known gets the description of its class, as RFC 9110 §15 asks.
 *
 * @param status - A whole number from 100 to 999, or 0 for a response that hides its status.
 * @throws {OptionError} If `status` is no such number.
 * @example
 * ```ts
 * import { describeStatus } from '@fetchstack/status-classifier'
 *
 * const { name, source, sentence } = describeStatus(525)
 * console.log(`${name}: ${sentence} (${source})`)
 * ```
 */
export function describeStatus(status: number): StatusDescription {
  if (status !== 0) checkNumber('describeStatus', 'status', status, { min: 100, max: 999, integer: true })
  const { evidence: _, ...verdict } = classifyStatus(status)
  const [name, source, sentence] = registered[status] ?? unregistered[status] ?? classText(status)
  return { ...verdict, status, name, source, sentence, registered: status in registered }
}

/**
 * Lists the description of every known code, lowest first: all that IANA has registered and the well-known ones beside.
 *
 * @example
 * ```ts
 * import { statusTable } from '@fetchstack/status-classifier'
 *
 * for (const { status, name, retry } of statusTable()) console.log(status, name, retry)
 * ```
 */
export function statusTable(): readonly StatusDescription[] {
  return Object.keys({ ...registered, ...unregistered }).map((status) => describeStatus(Number(status)))
}

function classText(status: number): Text {
  const texts: Readonly<Record<number, readonly [kind: string, sentence: string]>> = {
    1: ['interim response', 'The server sent word in between and the answer is still to come; wait for it.'],
    2: ['success', 'The request succeeded in a way that this code names more exactly; there is nothing to repair.'],
    3: ['redirect', 'The answer is elsewhere; look at the Location header and send the request there if you want it.'],
    4: [
      'client error',
      'The server will not serve this request as it is; read the body for the reason and change the request.',
    ],
    5: ['server error', 'The server failed on a request that looked valid; try again later if a repeat does no harm.'],
  }
  const [kind, sentence] = texts[Math.floor(status / 100)] ?? [
    'code outside of HTTP',
    'HTTP has no class for this code; ask whoever runs the server what it stands for, and do not repeat the request until then.',
  ]
  return [`Unknown ${kind}`, 'RFC 9110 §15', sentence]
}

import type { FetchFunction } from '@fetchstack/handler-stack'
import type { Observation } from '../contract.ts'
import { make, Unmakeable } from './make.ts'
import type { Plan } from './plan.ts'

/** What a caller can see of one call. Also told: what the fetch at the bottom was given, and whether its answer came out. */
export async function observe(
  plan: Plan,
  url: string,
  build: (base: FetchFunction) => FetchFunction,
): Promise<Observation> {
  let made: Awaited<ReturnType<typeof make>>
  try {
    made = await make(plan, url)
  } catch (error) {
    if (error instanceof Unmakeable) return { unmakeable: true }
    throw error
  }
  const { input, init, given, signal, request } = made
  const hide = (text: string): string =>
    text
      .replaceAll(url, '<url>')
      .replaceAll(url.replace('//', '//me:secret@'), '<url>')
      .replace(/reference = \w+/g, 'reference')
      .replace(/\d+\.\d+ms|:\d{4,5}\b/g, '')

  const calls: { input: unknown; init: Record<string, unknown> | undefined; result?: Response; error?: unknown }[] = []
  const base: FetchFunction = async (input, init) => {
    const call: (typeof calls)[number] = { input, init: init as Record<string, unknown> | undefined }
    calls.push(call)
    try {
      call.result = await fetch(input, init)
      return call.result
    } catch (error) {
      call.error = error
      throw error
    }
  }

  let outcome: Observation
  let rejected: unknown
  try {
    const response = await build(base)(input as string, init as RequestInit)
    outcome = { response: await look(response, plan, hide), ownResponse: response === calls[0]?.result }
  } catch (error) {
    rejected = error
    outcome = {
      error: shape(error, hide),
      ownError: calls.length === 0 || error === calls[0]?.error,
      isReason: error === signal?.reason,
    }
  }
  const [call] = calls
  return {
    ...outcome,
    ...(call && {
      calls: calls.length,
      sameInput: call.input === input || (request === undefined && call.input === String(input)),
      // Whether every field that was given arrived as the very value that it was.
      fields: Object.fromEntries(Object.keys(given).map((name) => [name, call.init?.[name] === given[name]])),
      added: [...namesOf(call.init)].filter((name) => !(name in given)),
    }),
    ...(request && { bodyUsed: rejected === undefined ? request.bodyUsed : 'after an error' }),
  }
}

function namesOf(init: object | undefined): string[] {
  const names: string[] = []
  for (const name in init) names.push(name)
  return names
}

async function look(response: Response, { use }: Plan, hide: (text: string) => string): Promise<Observation> {
  const { status, statusText, ok, type, redirected, body } = response
  const head = {
    status,
    statusText,
    ok,
    type,
    redirected,
    url: hide(response.url),
    headers: [...response.headers].filter(([name]) => name !== 'date'),
    hasBody: body !== null,
    tag: Object.prototype.toString.call(response),
  }
  let read: unknown
  try {
    read = await consume(response, use)
  } catch (error) {
    // Not its text: Chromium words it by how fast the body came.
    read = (error as Error).name
  }
  return { ...head, read, bodyUsed: response.bodyUsed }
}

async function consume(response: Response, use: Plan['use']): Promise<unknown> {
  switch (use) {
    case 'text':
      return digest(await response.text())
    case 'json':
      return response.json()
    case 'bytes':
      return digest(new TextDecoder().decode(await response.arrayBuffer()))
    case 'blob':
      // Not its type: Bun drops it from a large body now and then.
      return (await response.blob()).size
    case 'chunks': {
      const reader = response.body?.getReader()
      let size = 0
      for (let step = await reader?.read(); step?.done === false; step = await reader?.read()) size += step.value.length
      return size
    }
    case 'clone': {
      const copy = response.clone()
      const [a, b] = await Promise.all([response.text(), copy.text()])
      return [digest(a), digest(b), copy.status, copy.redirected, copy.type]
    }
    case 'cancel':
      return (await response.body?.cancel()) ?? 'cancelled'
  }
}

function digest(text: string): string {
  return text.length > 100 ? `${text.length} characters` : text
}

function shape(error: unknown, hide: (text: string) => string): Observation {
  if (typeof error !== 'object' || error === null) return { thrown: String(error) }
  const { name, message, code, cause } = error as { name?: unknown; message?: unknown; code?: unknown; cause?: unknown }
  return {
    tag: Object.prototype.toString.call(error),
    isTypeError: error instanceof TypeError,
    name: String(name),
    message: hide(String(message)),
    code: code === undefined ? null : `${code as string | number}`,
    cause: cause === undefined ? null : shape(cause, hide),
  }
}

import { auth } from '@fetchstack/auth'
import { messageSignature, signer } from '@fetchstack/auth-signature'
import { sigv4 } from '@fetchstack/auth-sigv4'
import { type FetchFunction, fetchHandler, HandlerStack } from '@fetchstack/handler-stack'
import { AwsV4Signer } from 'aws4fetch'
import { createSignature, webcrypto } from 'http-message-sig'
import { type Contestant, measure, type Plan } from './measure.ts'

/** A signature by the whole stack, next to the same one by its library alone. */
export interface SignerRow {
  readonly name: string
  /** Nanoseconds a call, medians. */
  readonly stack: number
  readonly library: number
  readonly ratio: number
}

const ORIGIN = 'https://api.example.com'
const url = `${ORIGIN}/videos/7?part=snippet&lang=en`
const headers = { accept: 'application/json', 'content-type': 'application/json' }
const body = new TextEncoder().encode('x'.repeat(1024))
const base: FetchFunction = () => Promise.resolve(new Response(null))

/** Calls on a stub fetch, signed: without a body, and with one of 1 KiB that is covered. */
export async function signers(plan: Plan): Promise<SignerRow[]> {
  const { privateKey } = await crypto.subtle.generateKey('Ed25519', false, ['sign'])
  const pairs = [
    { name: 'SigV4', ...awsContestants() },
    { name: 'RFC 9421, Ed25519', ...messageContestants(privateKey) },
  ].flatMap(({ name, stack, library }) => [
    { name: `${name}, no body`, contestants: [() => stack('GET'), () => library('GET')] },
    { name: `${name}, 1 KiB`, contestants: [() => stack('POST', body), () => library('POST', body)] },
  ])
  const contestants = pairs.flatMap(({ name, contestants }) => contestants.map((run): Contestant => ({ name, run })))
  const timings = await measure(contestants, plan)
  return pairs.map(({ name }, index) => {
    const [stack, library] = [timings[2 * index]!.median, timings[2 * index + 1]!.median]
    return { name, stack: Math.round(stack), library: Math.round(library), ratio: stack / library }
  })
}

/** What is sent with what: the method, and a body where there is one. */
type Send = (method: string, body?: Uint8Array<ArrayBuffer> | null) => Promise<Response>

interface Pair {
  readonly stack: Send
  readonly library: Send
}

function awsContestants(): Pair {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
  const where = { region: 'us-east-1', service: 'execute-api' }
  const layer = auth(sigv4({ credentials, ...where }), { origins: ORIGIN })
  const api = HandlerStack.create(fetchHandler(base)).push(layer).toFetch()
  const cache = new Map<string, ArrayBuffer>()
  return {
    stack: (method, body = null) => api(url, { method, headers, body }),
    async library(method, body = null) {
      const signer = new AwsV4Signer({ ...credentials, ...where, url, method, headers, body, allHeaders: true, cache })
      const signed = await signer.sign()
      return base(signed.url.href, { method, headers: signed.headers, body })
    },
  }
}

function messageContestants(key: CryptoKey): Pair {
  const components = ['@method', '@target-uri', 'content-type']
  const layer = auth(messageSignature({ signer: signer({ key, keyid: 'me' }), components }), { origins: ORIGIN })
  const api = HandlerStack.create(fetchHandler(base)).push(layer).toFetch()
  const librarySigner = webcrypto.signer(key)
  return {
    stack: (method, body = null) => api(url, { method, headers, body }),
    async library(method, body = null) {
      const request = new Request(url, { method, headers, body })
      if (body !== null) {
        const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body))
        request.headers.set('content-digest', `sha-256=:${btoa(String.fromCharCode(...hash))}:`)
      }
      const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))))
      const { signature, signatureInput } = await createSignature(request, {
        components: body === null ? components : [...components, 'content-digest'],
        parameters: { created: Math.floor(Date.now() / 1000), nonce, alg: 'ed25519', keyid: 'me' },
        signer: librarySigner,
      })
      request.headers.set('signature-input', signatureInput)
      request.headers.set('signature', signature)
      return base(request)
    },
  }
}

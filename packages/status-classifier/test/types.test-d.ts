import { describe, expectTypeOf, it } from 'vitest'
import {
  type Category,
  classify,
  defaultReaders,
  describeStatus,
  type EvidenceReader,
  type RetryGuidance,
  type StatusDescription,
  statusTable,
  type Verdict,
} from '../src/index.ts'
import { proxyStatus } from '../src/proxy-status.ts'
import type { Row } from '../src/row.ts'

describe('classify', () => {
  it('takes the platform’s Response and Request, or whatever was thrown', () => {
    const response = new Response()
    expectTypeOf(classify({ response }, new Request('http://x'))).toEqualTypeOf<Verdict>()
    expectTypeOf(classify({ error: 'boom' }, { method: 'GET' })).toEqualTypeOf<Verdict>()
    // @ts-expect-error -- neither a response nor an error
    classify({}, { method: 'GET' })
    // @ts-expect-error -- no such option
    classify({ response }, { method: 'GET' }, { rule: [] })
  })

  it('takes readers whose findings are of the closed sets only', () => {
    classify({ error: 1 }, { method: 'GET' }, { readers: [...defaultReaders, proxyStatus], rules: [() => undefined] })
    // @ts-expect-error -- no such category
    const odd: EvidenceReader = () => ({ category: 'odd', evidence: { source: 'x', detail: 'y' } })
    // @ts-expect-error -- a finding without evidence
    const silent: EvidenceReader = () => ({ retry: 'never' })
    expectTypeOf([odd, silent]).toExtend<EvidenceReader[]>()
  })
})

describe('describeStatus', () => {
  it('describes with the vocabulary of the verdict', () => {
    expectTypeOf(describeStatus(503)).toEqualTypeOf<StatusDescription>()
    expectTypeOf(describeStatus(503).category).toEqualTypeOf<Category>()
    expectTypeOf(statusTable()).toEqualTypeOf<readonly StatusDescription[]>()
    expectTypeOf<StatusDescription['retry']>().toEqualTypeOf<RetryGuidance>()
  })
})

describe('a row of a table', () => {
  it('takes only words of the vocabulary, in order', () => {
    expectTypeOf<'gateway server unknown no any 1|525'>().toExtend<Row>()
    expectTypeOf<'network network unknown maybe idempotent 0 may be CORS|TypeError: x'>().toExtend<Row>()
    expectTypeOf<'gateway server sometimes no any|525'>().not.toExtend<Row>()
    expectTypeOf<'server gateway unknown no any|525'>().not.toExtend<Row>()
  })
})

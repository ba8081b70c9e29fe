import { Readable } from 'node:stream'
import { DynamoDBClient, ListTablesCommand, PutItemCommand } from '@aws-sdk/client-dynamodb'
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { type AwsOptions, awsRequestHandler } from '@fetchstack/adapters/aws'
import { HandlerStack } from '@fetchstack/handler-stack'
import { explain, type RetryOptions, retry } from '@fetchstack/retry'
import { faults, faultyServer } from '@fetchstack/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

let server: Awaited<ReturnType<typeof faultyServer>>
beforeEach(async () => {
  server = await faultyServer()
})
afterEach(() => server.close())

const quick: RetryOptions = { schedule: () => 1, budget: false, idempotentMethods: ['GET', 'HEAD', 'PUT', 'POST'] }
const credentials = { accessKeyId: 'AKID', secretAccessKey: 'secret' }
const json = { 'content-type': 'application/x-amz-json-1.0' }

function configOf(policy: RetryOptions = quick, options?: AwsOptions) {
  const requestHandler = awsRequestHandler(HandlerStack.create().push(retry(policy)), options)
  return { endpoint: server.url, region: 'eu-central-1', credentials, maxAttempts: 1, requestHandler }
}
const dynamo = (policy?: RetryOptions, options?: AwsOptions) => new DynamoDBClient(configOf(policy, options))
const s3 = (policy?: RetryOptions, options?: AwsOptions) =>
  new S3Client({ ...configOf(policy, options), forcePathStyle: true })

describe('DynamoDB over a stack', () => {
  it('gets through a 503 and a reset, each time with the whole signed request', async () => {
    server.route('POST /', [503, faults.reset(), faults.ok({ TableNames: ['one'] }, json)])
    expect((await dynamo().send(new ListTablesCommand({}))).TableNames).toEqual(['one'])
    expect(server.requests.map(({ text }) => text)).toEqual(['{}', '{}', '{}'])
    expect(server.requests.every(({ headers }) => headers['authorization']?.startsWith('AWS4-HMAC-SHA256 '))).toBe(true)
  })

  it('keeps connections alive: ten calls do not open ten sockets', async () => {
    server.route('POST /', faults.ok({ TableNames: [] }, json))
    const client = dynamo()
    const before = server.totalSockets
    for (let index = 0; index < 10; index++) await client.send(new ListTablesCommand({}))
    expect(server.totalSockets - before).toBeLessThan(4)
  })

  it('gives up as an exception of the SDK, and keeps the trail with a network error', async () => {
    server.route('POST /', faults.status(503, json, { __type: 'ServiceUnavailable' }))
    await expect(dynamo().send(new ListTablesCommand({}))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 503 },
    })
    expect(server.count()).toBe(3)
    const nowhere = new DynamoDBClient({ ...configOf(), endpoint: server.refusedUrl })
    const error: unknown = await nowhere.send(new ListTablesCommand({})).catch((reason: unknown) => reason)
    expect(explain(error)?.attempts).toBeGreaterThan(2)
  })

  it('ends a wait of the stack at once on abort, as an AbortError', async () => {
    server.route('POST /', 503)
    const controller = new AbortController()
    const client = dynamo({ ...quick, schedule: () => 60_000, onDecision: () => controller.abort() })
    const sent = client.send(new PutItemCommand({ TableName: 'one', Item: { id: { S: '1' } } }), {
      abortSignal: controller.signal,
    })
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.count()).toBe(1)
  })

  it('does not send when it is aborted already', async () => {
    const sent = dynamo().send(new ListTablesCommand({}), { abortSignal: AbortSignal.abort() })
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' })
    expect(server.count()).toBe(0)
  })

  it('keeps requestTimeout, that of a call before that of the handler, as a TimeoutError', async () => {
    server.route('POST /', faults.stall())
    await expect(dynamo(quick, { requestTimeout: 20 }).send(new ListTablesCommand({}))).rejects.toMatchObject({
      name: 'TimeoutError',
      message: expect.stringContaining('20 ms'),
    })
    await expect(
      dynamo(quick, { requestTimeout: 60_000 }).send(new ListTablesCommand({}), { requestTimeout: 10 }),
    ).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('S3 over a stack', () => {
  it('uploads bytes that are resent whole, under a key and a query with every kind of character', async () => {
    server.route('*', [503, 200])
    const key = "a b/ü+!'()*~.txt"
    await s3().send(new PutObjectCommand({ Bucket: 'bucket', Key: key, Body: 'hello', ContentLength: 5 }))
    const [first, second] = server.requests
    expect(second?.text).toContain('hello')
    expect(second?.text).toBe(first?.text)
    expect(second?.path).toMatch(/^\/bucket\/a%20b\/%C3%BC%2B%21%27%28%29%2A~.txt/)
  })

  it('uploads a stream of Node once, and does not resend it', async () => {
    server.route('*', 503)
    const body = Readable.from([Buffer.from('hel'), Buffer.from('lo')])
    const sent = s3().send(new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: body, ContentLength: 5 }))
    await expect(sent).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } })
    expect(server.count()).toBe(1)
    expect(server.requests[0]?.text).toContain('hel')
  })

  it('downloads a stream that the SDK reads, and the metadata of its headers', async () => {
    server.route('*', [faults.reset(), faults.ok('content', { 'x-amz-meta-owner': 'me', etag: '"1"' })])
    const object = await s3().send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
    expect(object).toMatchObject({ ETag: '"1"', Metadata: { owner: 'me' } })
    expect(await object.Body?.transformToString()).toBe('content')
  })

  it("gives Node's streams when it is told to", async () => {
    server.route('*', faults.ok('content'))
    const client = s3(quick, { body: (stream) => Readable.fromWeb(stream as never) })
    const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
    expect(Body).toBeInstanceOf(Readable)
    expect(Buffer.concat(await (Body as unknown as Readable).toArray()).toString()).toBe('content')
  })

  it('ends a download that stalls on abort', async () => {
    server.route('*', faults.stallBody({ sent: 4 }))
    const controller = new AbortController()
    const object = await s3().send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }), {
      abortSignal: controller.signal,
    })
    const read = object.Body?.transformToString()
    controller.abort()
    await expect(read).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('reads an answer without a body, and gives an error of the service', async () => {
    server.route('HEAD *', faults.status(200))
    server.route(
      'GET *',
      faults.status(404, { 'content-type': 'application/xml' }, '<Error><Code>NoSuchKey</Code></Error>'),
    )
    expect((await s3().send(new HeadObjectCommand({ Bucket: 'bucket', Key: 'key' }))).ContentLength).toBe(7)
    const missing = s3().send(new GetObjectCommand({ Bucket: 'bucket', Key: 'key' }))
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchKey' })
  })
})

describe('awsRequestHandler', () => {
  it('refuses what it can not use', () => {
    expect(() => awsRequestHandler('fetch' as never)).toThrow(/fetch must be a function/)
    expect(() => awsRequestHandler(fetch, { timeout: 1 } as never)).toThrow(/requestTimeout/)
    expect(() => awsRequestHandler(fetch, { requestTimeout: -1 })).toThrow(/milliseconds/)
  })
})

import { GetObjectCommand, RestoreObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import type { ClientEntry, Operations, Setting } from '../contract.ts'
import { readText } from '../read-text.ts'
import { createApi } from '../snippets/aws-s3.ts'

const unavailable = '<Error><Code>SlowDown</Code><Message>Later.</Message></Error>'

const Bucket = 'bucket'

const operations = (api: S3Client): Operations => ({
  get: async ({ signal } = {}) => {
    const { Body } = await api.send(new GetObjectCommand({ Bucket, Key: 'videos' }), {
      ...(signal && { abortSignal: signal }),
    })
    return JSON.parse((await Body?.transformToString()) ?? 'null') as unknown
  },
  post: async (Description, { signal, idempotencyKey } = {}) => {
    const command = new RestoreObjectCommand({ Bucket, Key: 'videos', RestoreRequest: { Description } })
    if (idempotencyKey !== undefined) {
      const addKey = { name: 'addKey', step: 'build' as const }
      command.middlewareStack.add(
        (next) => (args) => {
          const { headers } = args.request as { headers: Record<string, string> }
          headers['idempotency-key'] = idempotencyKey
          return next(args)
        },
        addKey,
      )
    }
    const { $metadata } = await api.send(command, { ...(signal && { abortSignal: signal }) })
    return $metadata.httpStatusCode
  },
  stream: async function* () {
    const { Body } = await api.send(new GetObjectCommand({ Bucket, Key: 'events' }))
    yield* readText(Body?.transformToWebStream() as ReadableStream<Uint8Array> | undefined)
  },
})

const optionsOf = ({ baseUrl, credential = 'unused' }: Setting) => ({
  endpoint: baseUrl,
  region: 'eu-central-1',
  forcePathStyle: true,
  credentials: { accessKeyId: credential, secretAccessKey: 'unused' },
})

export const awsS3: ClientEntry = {
  name: 'aws-s3',
  package: '@aws-sdk/client-s3',
  how: '`requestHandler: awsRequestHandler(fetch)` of `@fetchstack/adapters/aws`, as with every client of the AWS SDK. A call has no room for options that it does not know.',
  exchanges: {
    get: { route: 'GET /bucket/videos', answer: { videos: ['one', 'two'] }, unavailable },
    post: { route: 'POST /bucket/videos', answer: {}, result: 200, unavailable },
    stream: { route: 'GET /bucket/events', body: 'data: {"n":1}\n\ndata: {"n":2}\n\ndata: {"n":3}\n\n' },
  },
  make: (setting) => operations(createApi(setting.fetch, optionsOf(setting))),
  ownRetry: {
    off: '`maxAttempts: 1`',
    warning: /AWS SDK: give it the option maxAttempts: 1/,
    leftOn: (setting) => operations(createApi(setting.fetch, { ...optionsOf(setting), maxAttempts: 3 })),
  },
  errors: {
    status: { name: 'S3ServiceException', is: (error) => error instanceof S3ServiceException },
    network: { name: 'TypeError', is: (error) => error instanceof TypeError },
  },
  perCall: 'withOptions',
  cannot: {
    'status-error': 'Its errors keep a copy of the response (`$response`), and nothing that leads to the response.',
    credential:
      'What it sets is a signature, which no value foretells. The stack keeps it, and replaces it when told to.',
  },
}

import {
  create,
  createFileRegistry,
  type DescMethodServerStreaming,
  type DescMethodUnary,
  fromJson,
  type JsonObject,
  type MessageShape,
  toJson,
} from '@bufbuild/protobuf'
import {
  FileDescriptorProtoSchema,
  file_google_protobuf_struct,
  MethodOptions_IdempotencyLevel,
  StructSchema,
} from '@bufbuild/protobuf/wkt'
import { type CallOptions, Code, ConnectError, createClient, type Transport } from '@connectrpc/connect'
import type { ClientEntry } from '../contract.ts'
import { requestHeaders } from '../request-headers.ts'
import { createTransport } from '../snippets/connect-web.ts'

type Struct = typeof StructSchema

const types = { inputType: '.google.protobuf.Struct', outputType: '.google.protobuf.Struct' }

/** What protoc makes of a .proto file, made by hand. */
function service() {
  const idempotencyLevel = MethodOptions_IdempotencyLevel.NO_SIDE_EFFECTS
  const file = create(FileDescriptorProtoSchema, {
    name: 'videos.proto',
    package: 'example',
    syntax: 'proto3',
    dependency: ['google/protobuf/struct.proto'],
    service: [
      {
        name: 'Videos',
        method: [
          { name: 'Get', ...types, options: { idempotencyLevel } },
          { name: 'Add', ...types },
          { name: 'Watch', ...types, serverStreaming: true },
        ],
      },
    ],
  })
  const { methods } = createFileRegistry(file, () => file_google_protobuf_struct).getService('example.Videos')!
  const [get, add, watch] = methods as [
    DescMethodUnary<Struct, Struct>,
    DescMethodUnary<Struct, Struct>,
    DescMethodServerStreaming<Struct, Struct>,
  ]
  return { ...get.parent, method: { get, add, watch } }
}

function operationsOf(transport: Transport, credential?: string) {
  const api = createClient(service(), transport)
  const options = (signal?: AbortSignal, idempotencyKey?: string): CallOptions => ({
    headers: requestHeaders(credential, idempotencyKey),
    ...(signal && { signal }),
  })
  return { api, options }
}

const write = (value: JsonObject): MessageShape<Struct> => fromJson(StructSchema, value)
const read = (message: MessageShape<Struct>): unknown => toJson(StructSchema, message)

const items = [1, 2, 3, 4].map((n) => ({ n }))

/** An envelope of the protocol: flags, the length in four bytes, the message. */
function envelope(flags: number, message: object): string {
  const text = JSON.stringify(message)
  return `${String.fromCharCode(flags, 0, 0, 0, text.length)}${text}`
}

const isConnectError = (code: Code) => (error: unknown) => error instanceof ConnectError && error.code === code

export const connectWeb: ClientEntry = {
  name: 'connect-web',
  package: '@connectrpc/connect-web',
  how: '`createConnectTransport({ fetch })`. A call has no room for options that it does not know.',
  exchanges: {
    get: { route: 'GET /example.Videos/Get', answer: { title: 'one' } },
    post: { route: 'POST /example.Videos/Add', answer: { id: 'new' } },
    stream: {
      route: 'POST /example.Videos/Watch',
      contentType: 'application/connect+json',
      body: items.map((item) => envelope(0, item)).join('') + envelope(2, {}),
      items,
    },
  },
  make: ({ fetch, baseUrl, credential }) => {
    const { api, options } = operationsOf(createTransport(fetch, baseUrl), credential)
    return {
      get: async ({ signal } = {}) => read(await api.get(write({}), options(signal))),
      post: async (title, { signal, idempotencyKey } = {}) =>
        read(await api.add(write({ title }), options(signal, idempotencyKey))),
      stream: async function* () {
        for await (const message of api.watch(write({}))) yield read(message)
      },
    }
  },
  ownRetry: { off: 'none' },
  errors: {
    status: { name: 'ConnectError', is: isConnectError(Code.Unavailable) },
    network: { name: 'ConnectError', is: isConnectError(Code.Unknown) },
  },
  perCall: 'withOptions',
  cannot: {
    'status-error': '`ConnectError` has a copy of the headers, and nothing that leads to the response.',
    stall:
      'The timeout ends the body in time, but `ConnectError` (`canceled`) has only the message of it: it leaves the cause of an abort or a timeout out.',
  },
}

import { S3Client } from '@aws-sdk/client-s3'
import { awsRequestHandler } from '@fetchstack/adapters/aws'
import type { FetchFunction } from '@fetchstack/handler-stack'

type Options = ConstructorParameters<typeof S3Client>[0]

export function createApi(fetch: FetchFunction, options: Options) {
  // The same for every client of the AWS SDK. Its own retry sends up to three attempts by default.
  return new S3Client({ maxAttempts: 1, ...options, requestHandler: awsRequestHandler(fetch) })
}

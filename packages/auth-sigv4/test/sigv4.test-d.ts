import type { AuthScheme } from '@fetchstack/auth'
import { Secret } from '@fetchstack/secret'
import type { SignatureV4 } from '@smithy/signature-v4'
import { expectTypeOf, it } from 'vitest'
import { type AwsCredentials, type AwsCredentialsProvider, type SigV4Engine, sigv4 } from '../src/index.ts'
import { smithyEngine } from '../src/smithy.ts'

/** What the AWS SDKs sign with: credentials, or a function that gives them. */
type SdkCredentials = ConstructorParameters<typeof SignatureV4>[0]['credentials']

const where = { region: 'us-east-1', service: 's3' }

it('takes the credentials of the AWS SDKs, and their providers', () => {
  expectTypeOf<SdkCredentials>().toExtend<AwsCredentials | AwsCredentialsProvider>()
  expectTypeOf(sigv4).returns.toEqualTypeOf<AuthScheme>()
})

it('takes secrets, and no promise without a function', () => {
  sigv4({ credentials: { accessKeyId: 'a', secretAccessKey: Secret.of('b'), sessionToken: undefined }, ...where })
  expectTypeOf<Promise<AwsCredentials>>().not.toExtend<Parameters<typeof sigv4>[0]['credentials']>()
})

it('gives both engines one type', () => {
  expectTypeOf(smithyEngine).returns.toEqualTypeOf<SigV4Engine>()
})

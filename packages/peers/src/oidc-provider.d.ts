// What the tests use of it: it brings no types.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface Saved {
    save(): Promise<string>
  }

  interface ProviderGrant extends Saved {
    addOIDCScope(scope: string): void
    addResourceScope(resource: string, scope: string): void
  }

  export class Provider {
    constructor(issuer: string, configuration: object)
    readonly Grant: new (fields: {
      accountId: string
      clientId: string
    }) => ProviderGrant
    readonly RefreshToken: new (
      fields: object,
    ) => Saved
    readonly Client: { find(id: string): Promise<object | undefined> }
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    on(event: string, listener: (...args: unknown[]) => void): this
  }
}

import { redactUrl } from './redact.ts'

/**
 * The URL can't be parsed, or is relative where there is nothing to resolve it against.
 * A `TypeError`, as `fetch` itself throws.
 */
export class InvalidUrlError extends TypeError {
  override readonly name = 'InvalidUrlError' as const
  readonly code = 'FETCHSTACK_INVALID_URL' as const

  constructor(url: string, options?: ErrorOptions) {
    super(
      `Invalid URL "${redactUrl(url)}": it must be absolute, for example "https://api.example.com/videos". ` +
        'For relative URLs use a client with a base URL (baseUrl in ky or in createClient of @fetchstack/ky).',
      options,
    )
  }
}

/** A body had to be sent again, but it is a stream or has been read. */
export class BodyNotReplayableError extends TypeError {
  override readonly name = 'BodyNotReplayableError' as const
  readonly code = 'FETCHSTACK_BODY_NOT_REPLAYABLE' as const

  constructor(method: string, url: string) {
    super(
      `[${method}] ${redactUrl(url)}: the body is a stream or has been read and can't be sent again. ` +
        'Give a string, bytes, a Blob, URLSearchParams, FormData, or a function that makes the body anew.',
    )
  }
}

/** Something is wrong with the stack itself: found when it is built or resolved. */
export class StackError extends TypeError {
  override readonly name = 'StackError' as const
  readonly code:
    | 'FETCHSTACK_NO_HANDLER'
    | 'FETCHSTACK_NOT_MIDDLEWARE'
    | 'FETCHSTACK_NOT_HANDLER'
    | 'FETCHSTACK_DUPLICATE_NAME'
    | 'FETCHSTACK_UNKNOWN_NAME'
    | 'FETCHSTACK_NO_RESPONSE'
    | 'FETCHSTACK_UNKNOWN_CALL_OPTION'

  constructor(code: StackError['code'], message: string) {
    super(message)
    this.code = code
  }
}

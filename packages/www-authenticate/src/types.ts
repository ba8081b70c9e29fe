/** One challenge of a `WWW-Authenticate` or `Proxy-Authenticate` field (RFC 9110 §11.3, §11.6.1). */
export interface Challenge {
  /** The authentication scheme in lower case: `bearer`, `digest`... */
  readonly scheme: string
  /** The scheme's parameters: names in lower case, values unquoted and unescaped, in the order they came. No prototype. */
  readonly params: Readonly<Record<string, string>>
  /** The credentials of the form `token68` (`Negotiate oYG…`), which excludes parameters. */
  readonly token68?: string
}

/** Where a field can be read from: its value, or what holds it. `null` is what `Headers` gives for a field that is not there. */
export type FieldSource = string | null | undefined | Headers | { readonly headers: Headers }

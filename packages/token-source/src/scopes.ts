/** Whether `granted` has every scope of `wanted`. What was granted is not known where no scope came with a token. */
export function covers(granted: string | undefined, wanted: string | undefined): boolean {
  if (wanted === undefined) return true
  // As text: with many callers and many scopes, lists of them would hold everything up.
  const has = ` ${granted} `
  return split(wanted).every((scope) => has.includes(` ${scope} `))
}

/** All scopes of both, each once. */
export function union(one: string | undefined, other: string | undefined): string {
  return [...new Set([...split(one), ...split(other)])].join(' ')
}

function split(scope: string | undefined): string[] {
  return scope?.split(' ').filter((name) => name !== '') ?? []
}

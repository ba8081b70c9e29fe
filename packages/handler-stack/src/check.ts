import { NO_HANDLER } from './errors.ts'
import { type Layer, type Row, unfold } from './layer.ts'

/** Something about a stack that is probably not meant. */
export interface Finding {
  /**
   * - `order`: a layer stands on the wrong side of another.
   * - `missing`: a layer needs another that is not there.
   * - `repeated`: two layers that both re-enter, so that their attempts multiply.
   * - `no-handler`: nothing sends the request.
   * - `unused-handler`: a nested stack has a handler of its own, which is not used there.
   */
  readonly code: 'order' | 'missing' | 'repeated' | 'no-handler' | 'unused-handler'
  /** One sentence: what, and what goes wrong. */
  readonly message: string
  /** The layers it is about, by their paths. */
  readonly layers: readonly string[]
}

export function findings(layers: readonly Layer[], hasHandler: boolean): Finding[] {
  const found: Finding[] = []
  const add = (code: Finding['code'], message: string, ...layers: string[]): void => {
    found.push({ code, message, layers })
  }
  const { rows, unused } = unfold(layers)
  rows.forEach(({ info, path, times, inner }, index) => {
    const { name, wants = [] } = info ?? {}
    const find = (wanted: string | undefined, from: number, to?: number): Row | undefined =>
      rows.slice(from, to).find((row) => row.info?.name === wanted)
    for (const { position, of, required, orElse } of wants) {
      if (position === 'inside' ? find(of, 0, index) : find(of, index + 1)) continue
      const other = find(of, 0)
      const message = `${path} should stand ${position} ${other?.path ?? of}, or else ${orElse}.`
      if (!other) {
        if (required) add('missing', message, path)
        // One layer of a kind can't stand on the wrong side of itself.
      } else if (of !== name) add('order', message, path, other.path)
    }
    const outer = inner > times && find(name, 0, index)
    if (outer) add('repeated', `${path} stands inside ${outer.path}: up to ${inner} attempts.`, outer.path, path)
  })
  for (const path of unused) add('unused-handler', `The handler of ${path} is not used here.`, path)
  if (!hasHandler) add('no-handler', NO_HANDLER)
  return found
}

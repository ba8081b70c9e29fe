import { isComposable, type Layer, type Row, unfold } from './layer.ts'

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
  const { rows } = unfold(layers)
  const found = rows.flatMap((row, index) => [...wishes(row, index, rows), ...repetition(row, index, rows)])
  if (!hasHandler) {
    found.push({ code: 'no-handler', message: 'Nothing sends the request: use HandlerStack.create() or withHandler().', layers: [] })
  }
  return [...found, ...unusedHandlers(layers)]
}

function wishes(row: Row, index: number, rows: readonly Row[]): Finding[] {
  const found: Finding[] = []
  for (const { position, of, required, orElse } of row.info?.wants ?? []) {
    const fits = (other: Row, at: number): boolean => other.info?.name === of && (position === 'inside' ? at < index : at > index)
    if (rows.some(fits)) continue
    const others = rows.filter((other) => other.info?.name === of)
    // One layer of a kind can't stand on the wrong side of itself.
    if (others.length > 0 && row.info?.name !== of) {
      const [other] = others
      found.push({
        code: 'order',
        message: `${row.path} should stand ${position} ${other!.path}, or else ${orElse}.`,
        layers: [row.path, other!.path],
      })
    } else if (required === true) {
      found.push({ code: 'missing', message: `${row.path} should stand ${position} a ${of}, or else ${orElse}.`, layers: [row.path] })
    }
  }
  return found
}

function repetition(row: Row, index: number, rows: readonly Row[]): Finding[] {
  const name = row.info?.name
  if ((row.info?.reenters ?? 1) <= 1) return []
  const outer = rows.slice(0, index).find((other) => other.info?.name === name)
  if (outer === undefined) return []
  const times = row.times * (row.info?.reenters ?? 1)
  return [
    {
      code: 'repeated',
      message: `${row.path} stands inside ${outer.path}: together they make up to ${times} attempts. Keep one.`,
      layers: [outer.path, row.path],
    },
  ]
}

function unusedHandlers(layers: readonly Layer[]): Finding[] {
  return layers.flatMap((layer) => {
    const { middleware } = layer
    if (!isComposable(middleware)) return []
    const path = layer.name ?? 'stack'
    const own = (middleware as { ownsHandler?: boolean }).ownsHandler === true
    const finding: Finding = {
      code: 'unused-handler',
      message: `${path} was given a handler of its own, which is not used where it is nested. Give it to the outer stack.`,
      layers: [path],
    }
    return own ? [finding, ...unusedHandlers(middleware.layers)] : unusedHandlers(middleware.layers)
  })
}

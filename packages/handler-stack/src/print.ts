import { type Layer, unfold } from './layer.ts'

/** The onion as text: the request's way in, the handler, the response's way out. */
export function print(layers: readonly Layer[], handlerName: string | undefined): string {
  const { rows, times } = unfold(layers)
  const inward = rows.map(({ layer, path, info, times: runs }, index) => {
    const label = info?.label ?? (path === layer.name ? '' : path)
    const condition = layer.predicate === undefined ? '' : `when ${layer.predicate.name || '(predicate)'}: `
    return [`> ${rows.length - index}) ${path}`, condition + label, multiplicity(runs)]
  })
  const handler = [`= 0) ${handlerName ?? '(no handler)'}`, '', multiplicity(times)]
  const outward = rows.toReversed().map(({ path }, index) => `< ${index + 1}) ${path}`)
  const table = [...inward, handler]
  const widths = [0, 1].map((column) => Math.max(...table.map((cells) => cells[column]!.length)))
  const lines = table.map((cells) => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '))
  return [...lines, ...outward].map((line) => line.trimEnd()).join('\n')
}

function multiplicity(times: number): string {
  return times === 1 ? 'once' : `up to ${times} times`
}

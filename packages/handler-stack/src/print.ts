import { type Layer, timesInside, unfold } from './layer.ts'

/** The onion as text: the request's way in, the handler, the response's way out. */
export function print(layers: readonly Layer[], handlerName = '(no handler)'): string {
  const { rows } = unfold(layers)
  const width = Math.max(...rows.map(({ path }) => path.length), handlerName.length)
  const line = (mark: string, depth: number, title: string, times: number, label = ''): string => {
    const often = times === 1 ? 'once' : times < Infinity ? `up to ${times} times` : 'any number'
    return `${mark} ${depth}) ${title.padEnd(width)}  ${often.padEnd(13)}  ${label}`.trimEnd()
  }
  return [
    ...rows.map(({ path, times, info }, index) => line('>', rows.length - index, path, times, info?.label)),
    line('=', 0, handlerName, timesInside(rows)),
    ...rows.map(({ path, times }, index) => line('<', rows.length - index, path, times)).toReversed(),
  ].join('\n')
}

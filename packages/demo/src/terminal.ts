import process from 'node:process'
import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** Colour only where somebody sees it: on a terminal, and not under NO_COLOR. */
export function paint(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout })
}

/** Whole milliseconds with their unit. */
export function ms(value: number): string {
  return `${Math.round(value).toLocaleString('en')} ms`
}

/** A line that is replaced while a wait goes on; on a terminal only, elsewhere it says once that it waits. */
export interface Progress {
  wait(text: string, durationMs: number): void
  done(): void
}

export function progressLine(stream: NodeJS.WriteStream = process.stdout): Progress {
  let timer: NodeJS.Timeout | undefined
  const clear = (): void => {
    clearInterval(timer)
    timer = undefined
    if (stream.isTTY) stream.write('\r\u001B[K')
  }
  return {
    wait(text, durationMs) {
      clear()
      if (!stream.isTTY) {
        stream.write(`  … ${text}, waiting ${ms(durationMs)}\n`)
        return
      }
      const end = Date.now() + durationMs
      const draw = (): void => {
        stream.write(`\r\u001B[K  … ${text}, ${ms(Math.max(0, end - Date.now()))} to go`)
      }
      draw()
      timer = setInterval(draw, 100)
    },
    done: clear,
  }
}

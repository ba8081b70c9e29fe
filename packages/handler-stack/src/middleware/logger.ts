/** What `log` writes to: `console`, and the loggers that have these four levels (pino, winston, loglevel...). */
export interface Logger {
  debug(message: string): unknown
  info(message: string): unknown
  warn(message: string): unknown
  error(message: string): unknown
}

export type Level = keyof Logger

export const levels: readonly Level[] = ['debug', 'info', 'warn', 'error']

/** Writes a line. Whatever goes wrong with that is no concern of the call. */
export function write(logger: Logger, level: Level, makeMessage: () => string): void {
  try {
    const written: unknown = logger[level](makeMessage())
    // A logger may be asynchronous, whatever its type says.
    ;(written as Partial<Promise<unknown>> | undefined)?.catch?.(() => {})
  } catch {
    // Nobody is left to be told.
  }
}

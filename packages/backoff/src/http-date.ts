/**
 * Reads an HTTP-date in any of its three forms, strictly, and nothing else: milliseconds since the epoch, or `NaN`.
 *
 *     Sun, 06 Nov 1994 08:49:37 GMT    IMF-fixdate
 *     Sunday, 06-Nov-94 08:49:37 GMT   RFC 850
 *     Sun Nov  6 08:49:37 1994         asctime
 *
 * `Date.parse` alone takes far more, and makes a date of "-1" and "1.5". A date with the wrong day of the week is refused, and
 * so is a leap second. Source: RFC 9110 §5.6.7.
 *
 * @param text - What may be a date.
 * @param now - The current time in milliseconds since the epoch: it says which century the two digits of RFC 850 mean,
 *   namely such that the year is at most 50 years ahead.
 * @example
 * ```ts
 * import { parseHttpDate } from '@fetchstack/backoff'
 *
 * parseHttpDate('Sun, 06 Nov 1994 08:49:37 GMT', Date.now()) // 784111777000
 * ```
 */
/* @__NO_SIDE_EFFECTS__ */
export function parseHttpDate(text: string, now: number): number {
  const fixdate = text
    .replace(
      /^(...)(?:|s|nes|rs|ur)day, (\d\d)-(...)-(\d\d) /,
      (_, name: string, day: string, month: string, digits: string) => {
        const latest = new Date(now).getUTCFullYear() + 50
        return `${name}, ${day} ${month} ${latest - ((latest - Number(digits)) % 100)} `
      },
    )
    .replace(
      /^(...) (...) (..) (\S+) (\d+)$/,
      (_, name: string, month: string, day: string, time: string, year: string) =>
        `${name}, ${day.replace(' ', '0')} ${month} ${year} ${time} GMT`,
    )
  const time = Date.parse(fixdate)
  // The form that every engine must read is the one that it writes. Whatever else it may read is refused here.
  return new Date(time).toUTCString() === fixdate ? time : Number.NaN
}

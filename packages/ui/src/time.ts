const formats = new Map<string, Intl.DateTimeFormat>()

/** Day and minute in the reader's zone. */
export const formatMoment = (iso: string, locale: string): string => {
  const known = formats.get(locale)
  const format = known ?? new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  if (!known) formats.set(locale, format)
  return format.format(new Date(iso))
}

const units: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['hour', 3_600_000],
  ['minute', 60_000],
]

/** "5 minutes ago" below a day of distance, else the date. */
export const formatNear = (iso: string, locale: string, nowMs: number): string => {
  const distance = Date.parse(iso) - nowMs
  if (Math.abs(distance) >= 86_400_000) return formatMoment(iso, locale)
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const [unit, size] = units.find(([, ms]) => Math.abs(distance) >= ms) ?? ['second', 1000]
  return relative.format(Math.trunc(distance / size), unit)
}

const two = (value: number): string => String(value).padStart(2, '0')

/** Time left as "14:59" or "1:02:03"; never negative. */
export const formatLeft = (ms: number): string => {
  const seconds = Math.max(0, Math.ceil(ms / 1000))
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor((seconds % 3600) / 60)
  const rest = two(seconds % 60)
  return hours > 0 ? `${hours}:${two(minutes)}:${rest}` : `${minutes}:${rest}`
}

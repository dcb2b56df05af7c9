import { isIP } from 'node:net'

/** One setting: where it comes from, how it is read, what it means. `secret` values are never printed. */
export type Setting<T> = { env: string; about: string; fallback?: string; secret?: boolean; parse: (text: string) => T }
export type ConfigSpec = Record<string, Setting<unknown>>
export type ConfigOf<Spec extends ConfigSpec> = { [K in keyof Spec]: Spec[K] extends Setting<infer T> ? T : never }

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `15m`, `5s`, `250ms`, `72h` → milliseconds. */
export const parseDuration = (text: string): number => {
  const match = /^(\d+)(ms|s|m|h|d)$/.exec(text.trim())
  const unit = match && units[match[2]!]
  if (!match || !unit) throw new Error('expected a duration such as 15m, 30s or 250ms')
  return Number(match[1]) * unit
}

type Options = { about: string; fallback?: string; secret?: boolean }

export const text = (env: string, options: Options): Setting<string> => ({ env, ...options, parse: (value) => value })

/** Empty means undefined. */
export const optionalText = (env: string, options: Options): Setting<string | undefined> => ({
  env,
  fallback: '',
  ...options,
  parse: (value) => value || undefined,
})

export const duration = (env: string, options: Options): Setting<number> => ({ env, ...options, parse: parseDuration })

export const integer = (env: string, options: Options & { min?: number; max?: number }): Setting<number> => ({
  env,
  ...options,
  parse: (value) => {
    const number = /^-?\d+$/.test(value.trim()) ? Number(value) : Number.NaN
    const { min = 0, max = Number.MAX_SAFE_INTEGER } = options
    if (!Number.isSafeInteger(number) || number < min || number > max)
      throw new Error(`expected a whole number from ${min} to ${max}`)
    return number
  },
})

export const flag = (env: string, options: Options): Setting<boolean> => ({
  env,
  ...options,
  parse: (value) => {
    if (['true', 'on', '1', 'yes'].includes(value)) return true
    if (['false', 'off', '0', 'no'].includes(value)) return false
    throw new Error('expected on or off')
  },
})

/** A comma list without blanks. */
export const list = (env: string, options: Options): Setting<string[]> => ({
  env,
  fallback: '',
  ...options,
  parse: (value) => value.split(',').flatMap((word) => word.trim() || []),
})

const isNetwork = (word: string): boolean => {
  const [address = '', bits, more] = word.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128))
}

/** A comma list of addresses and networks: `10.0.0.0/8, ::1`. */
export const networks = (env: string, options: Options): Setting<string[]> => {
  const words = list(env, options)
  return {
    ...words,
    parse: (value) =>
      words.parse(value).map((word) => {
        if (!isNetwork(word)) throw new Error(`"${word}" is no address and no network such as 10.0.0.0/8`)
        return word
      }),
  }
}

export const pattern = (env: string, options: Options & { matches: RegExp }): Setting<string> => ({
  env,
  ...options,
  parse: (value) => {
    if (!options.matches.test(value)) throw new Error(`expected ${options.matches.source}`)
    return value
  },
})

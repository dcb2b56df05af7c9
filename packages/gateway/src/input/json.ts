import { isUtf8 } from 'node:buffer'
import type { Locale } from '@souk/platform'
import { refused, violation } from './violations.ts'

const deepest = 32
const mostValues = 50_000
const forbidden = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Parses a request body: UTF-8 JSON, an object (nothing at all is an empty one), of harmless shape. The parser's own
 * words are never passed on, because they quote the body.
 */
export const parseBody = (bytes: Buffer, locale: Locale): Record<string, unknown> => {
  if (bytes.length === 0) return {}
  const value = isUtf8(bytes) ? parsed(bytes.toString('utf8')) : undefined
  if (value === undefined) throw refused(violation(locale, '', 'json'))
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw refused(violation(locale, '', 'object'))
  inspect(value, locale)
  return value as Record<string, unknown>
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * Refuses what no field may hold: NUL and lone surrogates in text, names that reach into prototypes, numbers that
 * JavaScript cannot keep exactly, and shapes whose only use is to tire us.
 */
export const inspect = (value: unknown, locale: Locale): void => {
  let values = 0
  const visit = (at: unknown, path: string, depth: number): void => {
    if (++values > mostValues) throw refused(violation(locale, '', 'size', mostValues))
    if (typeof at === 'string') return text(at, path)
    if (typeof at === 'number') return number(at, path)
    if (at === null || typeof at !== 'object') return
    if (depth >= deepest) throw refused(violation(locale, path, 'depth', deepest))
    if (Array.isArray(at)) return at.forEach((item, index) => visit(item, `${path}[${index}]`, depth + 1))
    for (const name of Object.keys(at)) {
      const inner = path === '' ? name : `${path}.${name}`
      if (forbidden.has(name)) throw refused(violation(locale, inner, 'name'))
      text(name, path)
      visit((at as Record<string, unknown>)[name], inner, depth + 1)
    }
  }
  const text = (at: string, path: string): void => {
    if (at.includes('\0') || !at.isWellFormed()) throw refused(violation(locale, path, 'text'))
  }
  const number = (at: number, path: string): void => {
    if (!Number.isFinite(at) || (Number.isInteger(at) && !Number.isSafeInteger(at))) throw refused(violation(locale, path, 'number'))
  }
  visit(value, '', 0)
}

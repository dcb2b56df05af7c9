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
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw refused(violation(locale, '', 'object'))
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
  const refuse = (path: string, rule: string, limit?: number): never => {
    throw refused(violation(locale, path, rule, limit))
  }
  const visit = (at: unknown, path: string, depth: number): void => {
    values += 1
    if (values > mostValues) refuse('', 'size', mostValues)
    if (typeof at === 'string' && !isText(at)) refuse(path, 'text')
    if (typeof at === 'number' && !isExact(at)) refuse(path, 'number')
    if (at === null || typeof at !== 'object') return
    if (depth >= deepest) refuse(path, 'depth', deepest)
    if (Array.isArray(at)) {
      for (const [index, item] of at.entries()) visit(item, `${path}[${index}]`, depth + 1)
      return
    }
    for (const [name, inner] of Object.entries(at)) {
      if (!isText(name)) refuse(path, 'text')
      const innerPath = path === '' ? name : `${path}.${name}`
      if (forbidden.has(name)) refuse(innerPath, 'name')
      visit(inner, innerPath, depth + 1)
    }
  }
  visit(value, '', 0)
}

const isText = (text: string): boolean => !text.includes('\0') && text.isWellFormed()

const isExact = (number: number): boolean =>
  Number.isFinite(number) && (!Number.isInteger(number) || Number.isSafeInteger(number))

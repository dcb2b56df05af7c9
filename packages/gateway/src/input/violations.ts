import { Fault, type Violation } from '@souk/kernel'
import type { Locale } from '@souk/platform'
import type { ErrorObject } from 'ajv'

/** More would help nobody and would let a small body ask for a large answer. */
const most = 50

type Words = (value: string) => { en: string; zh: string }

const words: Record<string, Words> = {
  required: () => ({ en: 'is required', zh: '为必填项' }),
  type: (value) => ({ en: `must be of type ${value}`, zh: `类型必须为 ${value}` }),
  minLength: (value) => ({ en: `must have at least ${value} characters`, zh: `至少需要 ${value} 个字符` }),
  maxLength: (value) => ({ en: `must have at most ${value} characters`, zh: `最多 ${value} 个字符` }),
  pattern: () => ({ en: 'is not written as expected', zh: '格式不正确' }),
  format: () => ({ en: 'is not written as expected', zh: '格式不正确' }),
  oneOf: (value) => ({ en: `must be one of: ${value}`, zh: `必须是以下之一：${value}` }),
  min: (value) => ({ en: `must be at least ${value}`, zh: `不能小于 ${value}` }),
  max: (value) => ({ en: `must be at most ${value}`, zh: `不能大于 ${value}` }),
  minItems: (value) => ({ en: `must have at least ${value} entries`, zh: `至少需要 ${value} 项` }),
  maxItems: (value) => ({ en: `must have at most ${value} entries`, zh: `最多 ${value} 项` }),
  uniqueItems: () => ({ en: 'must not repeat an entry', zh: '不能有重复项' }),
  unknown: () => ({ en: 'is not known here', zh: '是未知字段' }),
  exactlyOne: (value) => ({ en: `send exactly one of: ${value}`, zh: `必须且只能提供其中之一：${value}` }),
  atLeastOne: (value) => ({ en: `send at least one of: ${value}`, zh: `至少提供其中之一：${value}` }),
  differs: () => ({ en: 'differs from the value in the address', zh: '与地址中的值不一致' }),
  twice: () => ({ en: 'is given twice', zh: '重复提供' }),
  json: () => ({ en: 'the body is not valid JSON', zh: '请求体不是有效的 JSON' }),
  object: () => ({ en: 'the body must be a JSON object', zh: '请求体必须是 JSON 对象' }),
  depth: (value) => ({ en: `is nested deeper than ${value} levels`, zh: `嵌套层数超过 ${value}` }),
  size: (value) => ({ en: `the body has more than ${value} values`, zh: `请求体的值超过 ${value} 个` }),
  text: () => ({ en: 'holds characters that are not text', zh: '包含非文本字符' }),
  name: () => ({ en: 'is not allowed as a name', zh: '名称不允许使用' }),
  number: () => ({ en: 'is beyond the numbers that can be kept exactly', zh: '超出可精确表示的数值范围' }),
  file: () => ({ en: 'send exactly one file', zh: '必须且只能上传一个文件' }),
  key: () => ({ en: 'must have 1 to 200 printable characters', zh: '必须为 1 到 200 个可打印字符' }),
}

/** One thing wrong, in the caller's language. */
export const violation = (locale: Locale, field: string, rule: string, value: unknown = ''): Violation => {
  const sentence = (words[rule] ?? words.format)!(String(value))
  return { field: field.slice(0, 200), rule, message: locale === 'zh-CN' ? sentence.zh : sentence.en }
}

export const refused = (...violations: Violation[]): Fault =>
  new Fault('VALIDATION_FAILED', {}, violations.slice(0, most))

const ruleOf: Record<string, string> = {
  enum: 'oneOf',
  const: 'oneOf',
  minimum: 'min',
  maximum: 'max',
  additionalProperties: 'unknown',
  maxProperties: 'maxItems',
  propertyNames: 'maxLength',
}

/** A branch of "exactly one of" or "null or": the parent's own error says it better. */
const branch = /\/(oneOf|anyOf)\/\d+\/(required|type)$/

export const violationsOf = (errors: readonly ErrorObject[], locale: Locale): Violation[] =>
  errors.filter(({ schemaPath }) => !branch.test(schemaPath)).flatMap((error) => describe(error, locale))

const describe = (error: ErrorObject, locale: Locale): Violation[] => {
  const at = fieldOf(error.instancePath)
  const { keyword, params } = error
  if (keyword === 'required') return [violation(locale, inside(at, params.missingProperty), 'required')]
  if (keyword === 'additionalProperties') return [violation(locale, inside(at, params.additionalProperty), 'unknown')]
  if (keyword === 'oneOf' || keyword === 'anyOf') return presence(error, at, locale)
  const value =
    params.limit ??
    params.type ??
    (params.allowedValues as unknown[] | undefined)?.filter((word) => word !== null).join(', ')
  return [violation(locale, at, ruleOf[keyword] ?? keyword, value)]
}

const presence = ({ keyword, schema }: ErrorObject, at: string, locale: Locale): Violation[] => {
  const names = (schema as { required?: string[] }[]).flatMap((one) => one.required ?? [])
  if (names.length === 0) return []
  return [violation(locale, inside(at, names[0]!), keyword === 'oneOf' ? 'exactlyOne' : 'atLeastOne', names.join(', '))]
}

const inside = (at: string, name: string): string => (at === '' ? name : `${at}.${name}`)

/** `/lines/0/quantity` → `lines[0].quantity`. */
const fieldOf = (pointer: string): string =>
  pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : inside(path, part)), '')

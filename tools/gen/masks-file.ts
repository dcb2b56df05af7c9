import type { Field, MaskKind, Message, Model } from './model.ts'
import { sourceFile } from './output.ts'
import { print } from './print.ts'

const deepest = 6

/** `masks.ts`: what may not be logged in the clear, and which fields are exempt from the card number scan. */
export function masksFile(model: Model): string {
  const messages = [...model.messages.values()].filter((message) => !message.wrapper)
  return sourceFile(
    `/** SECRET: replaced by ***. EMAIL, PHONE: partly shown. PERSON: first character kept. */\nexport type MaskKind = 'SECRET' | 'EMAIL' | 'PHONE' | 'PERSON'`,
    `/** By JSON name, for log lines whose message is not known; of several kinds the strictest. */\nexport const maskedNames: Readonly<Record<string, MaskKind>> = ${print(maskedNames(messages))}`,
    `/** By message and path (\`address.phone\`, list items without index). */\nexport const masks: Readonly<Record<string, Readonly<Record<string, MaskKind>>>> = ${print(table(messages, (message) => maskPaths(message, model)))}`,
    `/** By message: paths whose digits are no card number (barcode, waybill, phone). */\nexport const digitPaths: Readonly<Record<string, readonly string[]>> = ${print(table(messages, (message) => digitPaths(message, model)))}`,
  )
}

const strictness: MaskKind[] = ['PERSON', 'PHONE', 'EMAIL', 'SECRET']

function maskedNames(messages: Message[]): Record<string, MaskKind> {
  const kinds = new Map<string, MaskKind>()
  for (const { json, rules } of messages.flatMap((message) => message.fields)) {
    const known = kinds.get(json)
    if (rules.mask && (!known || strictness.indexOf(rules.mask) > strictness.indexOf(known)))
      kinds.set(json, rules.mask)
  }
  return Object.fromEntries([...kinds].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function table<T extends object>(messages: Message[], paths: (message: Message) => T): Record<string, T> {
  const rows = messages.map((message): [string, T] => [message.name, paths(message)])
  return Object.fromEntries(rows.filter(([, row]) => Object.keys(row).length > 0))
}

function maskPaths(message: Message, model: Model): Record<string, MaskKind> {
  const found = walk(message, model).flatMap(([path, { rules }]): [string, MaskKind][] =>
    rules.mask ? [[path, rules.mask]] : [],
  )
  return Object.fromEntries(found)
}

function digitPaths(message: Message, model: Model): string[] {
  return walk(message, model).flatMap(([path, field]) => (field.rules.digits ? [path] : []))
}

function walk(message: Message, model: Model, prefix = '', depth = 0): [string, Field][] {
  return message.fields.flatMap((field): [string, Field][] => {
    const path = prefix + field.json
    const inner = field.type.kind === 'message' ? model.messages.get(field.type.messageName) : undefined
    return [[path, field], ...(inner && depth < deepest ? walk(inner, model, `${path}.`, depth + 1) : [])]
  })
}

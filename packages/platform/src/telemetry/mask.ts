import { type MaskKind, maskedNames } from '@souk/contract/masks'

const shown: Record<MaskKind, (text: string) => string> = {
  SECRET: () => '***',
  EMAIL: (text) => text.replace(/^(.).*(@.*)$/su, '$1***$2'),
  PHONE: (text) => `***${text.slice(-2)}`,
  PERSON: (text) => `${[...text][0] ?? ''}***`,
}

const masked = (kind: MaskKind, value: unknown): unknown => {
  if (value === undefined || value === null || value === '') return value
  const text = shown[kind](String(value))
  return text === String(value) ? '***' : text
}

const kindOf = (name: string): MaskKind | undefined =>
  Object.hasOwn(maskedNames, name) ? maskedNames[name] : undefined

/** Fields of a log line as they may be kept: what the contract says is masked is, whoever writes it. */
export const maskFields = <Fields extends object>(fields: Fields): Fields => {
  const named = Object.entries(fields).flatMap(([name, value]) => {
    const kind = kindOf(name)
    return kind ? [[name, masked(kind, value)] as const] : []
  })
  return named.length === 0 ? fields : { ...fields, ...Object.fromEntries(named) }
}

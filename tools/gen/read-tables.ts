import type { DescEnum, JsonObject } from '@bufbuild/protobuf'
import type { ErrorDeclaration, Permission, RateClass } from './model.ts'
import { ContractError, contextName } from './model.ts'
import type { OptionReader } from './read-options.ts'

type Tables = { errors: ErrorDeclaration[]; permissions: Permission[]; rates: RateClass[] }
type Row = { word: string; type: DescEnum; rules: JsonObject }

/** Errors, permissions and rate classes: enums whose values carry our annotations, in the order of declaration. */
export function readTables(enums: DescEnum[], options: OptionReader): Tables {
  const rows = (kind: 'error' | 'permission' | 'rate'): Row[] => enums.flatMap((type) => tableOf(type, kind, options))
  return {
    errors: rows('error').map(({ word, type, rules }) => ({
      code: word,
      status: Number(rules.status),
      en: String(rules.en),
      zh: String(rules.zh),
      context: contextName(type.file.proto.package),
      declaredIn: type.typeName,
    })),
    permissions: rows('permission').map(({ rules }) => ({
      word: String(rules.word),
      roles: rules.roles as string[],
      says: String(rules.says),
    })),
    rates: rows('rate').map(({ rules }) => ({
      word: String(rules.word),
      perMinute: Number(rules.perMinute),
      burst: Number(rules.burst),
    })),
  }
}

function tableOf(type: DescEnum, kind: 'error' | 'permission' | 'rate', options: OptionReader): Row[] {
  const rows = type.values.flatMap((value) => {
    const rules = options.value(value, kind)
    return rules ? [{ word: value.name, type, rules }] : []
  })
  if (rows.length > 0 && rows.length !== type.values.length - 1) {
    throw new ContractError(`${type.typeName}: either all values except the zero value declare ${kind} rules or none.`)
  }
  return rows
}

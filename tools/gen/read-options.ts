import type { DescEnumValue, DescField, DescMessage, DescMethod, JsonObject, Registry } from '@bufbuild/protobuf'
import { getOption, hasOption, toJson } from '@bufbuild/protobuf'
import { ContractError, type FactRules, type FieldRules, type HttpRule, type MethodRules } from './model.ts'

type Annotated = DescMethod | DescField | DescMessage | DescEnumValue

/** Reads our annotations (and google.api.http) from descriptors; enum values come as words, 64-bit numbers as numbers. */
export class OptionReader {
  readonly #registry: Registry

  constructor(registry: Registry) {
    this.#registry = registry
  }

  method(method: DescMethod): MethodRules | undefined {
    const raw = this.#read(method, 'souk.options.v1.method')
    if (!raw) return undefined
    const { body, session, cache, ...rest } = raw
    return {
      ...rest,
      body: body === 'UNSPECIFIED' ? 'JSON' : body,
      session: session === 'UNSPECIFIED' ? undefined : session,
      cache,
    } as MethodRules
  }

  http(method: DescMethod): HttpRule | undefined {
    const raw = this.#read(method, 'google.api.http')
    if (!raw) return undefined
    const verb = ['get', 'put', 'post', 'delete', 'patch'].find((candidate) => raw[candidate] !== undefined)
    if (!verb) return { verb: 'CUSTOM', path: '', body: '', additional: 0 }
    const additional = (raw.additionalBindings as unknown[]).length
    return { verb: verb.toUpperCase(), path: raw[verb] as string, body: raw.body as string, additional }
  }

  field(field: DescField): FieldRules {
    const raw = this.#read(field, 'souk.options.v1.field') ?? {}
    return {
      required: raw.required === true,
      minLength: Number(raw.minLength ?? 0),
      maxLength: Number(raw.maxLength ?? 0),
      pattern: String(raw.pattern ?? ''),
      min: raw.min === undefined ? undefined : Number(raw.min),
      max: raw.max === undefined ? undefined : Number(raw.max),
      minItems: Number(raw.minItems ?? 0),
      maxItems: Number(raw.maxItems ?? 0),
      format: String(raw.format ?? ''),
      mask: raw.mask === 'UNSPECIFIED' ? undefined : (raw.mask as FieldRules['mask']),
      clearable: raw.clearable === true,
      digits: raw.digits === true,
      internal: raw.internal === true,
      uniqueItems: raw.uniqueItems === true,
      oneOf: (raw.oneOf ?? []) as string[],
    }
  }

  message(message: DescMessage): { exactlyOne: string[]; atLeastOne: string[] } {
    const raw = this.#read(message, 'souk.options.v1.message') ?? {}
    return { exactlyOne: (raw.exactlyOne ?? []) as string[], atLeastOne: (raw.atLeastOne ?? []) as string[] }
  }

  fact(message: DescMessage): FactRules | undefined {
    return this.#read(message, 'souk.options.v1.fact') as FactRules | undefined
  }

  /** The rules of an enum value that declares an error, a permission or a rate class. */
  value(value: DescEnumValue, kind: 'error' | 'permission' | 'rate'): JsonObject | undefined {
    return this.#read(value, `souk.options.v1.${kind}`)
  }

  #read(element: Annotated, name: string): JsonObject | undefined {
    const extension = this.#registry.getExtension(name)
    if (!extension?.message) throw new ContractError(`The contract does not declare the option ${name}.`)
    if (!hasOption(element, extension)) return undefined
    const value = getOption(element, extension) as Parameters<typeof toJson>[1]
    return toJson(extension.message, value, { registry: this.#registry, alwaysEmitImplicit: true }) as JsonObject
  }
}

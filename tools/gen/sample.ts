import type { Schema } from './schema.ts'

const candidates = [
  'sample',
  'CN',
  'CNY',
  'sample@example.com',
  '+8613800000000',
  '018f3f2e-7c00-7000-8000-000000000000',
  'https://example.com/sample',
  '2030-01-01T00:00:00Z',
  '123456',
  'SAMPLE',
  'sample.webp',
]

/** A smallest JSON value that satisfies `schema`: required fields only. Answers undefined when it finds none. */
export function sample(schema: Schema, schemas: Record<string, Schema>): unknown {
  if (schema.$ref) return sample(schemas[String(schema.$ref).replace(/#$/, '')] as Schema, schemas)
  if (schema.enum) return (schema.enum as unknown[])[0]
  switch (schema.type) {
    case 'object':
      return sampleObject(schema, schemas)
    case 'array':
      return Array.from({ length: Number(schema.minItems ?? 0) }, () => sample(schema.items as Schema, schemas))
    case 'integer':
    case 'number':
      return Math.min(Math.max(1, Number(schema.minimum ?? 1)), Number(schema.maximum ?? 1e9))
    case 'boolean':
      return true
    default:
      return sampleText(schema)
  }
}

function sampleObject(schema: Schema, schemas: Record<string, Schema>): unknown {
  const properties = (schema.properties ?? {}) as Record<string, Schema>
  const choice = ((schema.oneOf ?? schema.anyOf ?? []) as { required: string[] }[])[0]?.required ?? []
  const names = [...((schema.required ?? []) as string[]), ...choice]
  return Object.fromEntries(names.map((name) => [name, sample(properties[name] as Schema, schemas)]))
}

function sampleText(schema: Schema): string | undefined {
  const least = Number(schema.minLength ?? 0)
  const most = Number(schema.maxLength ?? 200)
  const fitting = candidates.map((text) => (schema.pattern ? text : text.padEnd(least, '-').slice(0, most)))
  const pattern = new RegExp(String(schema.pattern ?? ''), 'u')
  const dated = schema.format === 'date-time' ? fitting.filter((text) => text.endsWith('Z')) : fitting
  return dated.find((text) => pattern.test(text) && text.length >= least && text.length <= most)
}

const width = 120

export type Style = 'ts' | 'json'

/**
 * A value as source text: on one line when it fits into 120 columns, else one entry per line. `undefined` members are
 * left out; key order is kept, so the same value always gives the same text.
 */
export function print(value: unknown, style: Style = 'ts', indent = '', used = 0): string {
  const line = flat(value, style)
  if (indent.length + used + line.length <= width || typeof value !== 'object' || value === null) return line
  const inner = `${indent}  `
  const comma = style === 'ts' ? ',' : ''
  if (Array.isArray(value)) {
    const items = value.map((item) => inner + print(item, style, inner))
    return `[\n${items.join(',\n')}${comma}\n${indent}]`
  }
  const members = present(value).map(([key, member]) => {
    const head = `${name(key, style)}: `
    return `${inner}${head}${print(member, style, inner, head.length + 1)}`
  })
  return `{\n${members.join(',\n')}${comma}\n${indent}}`
}

/** A JSON document of the same shape, with a final newline. */
export function printJson(value: unknown): string {
  return `${print(value, 'json')}\n`
}

/** Names between braces, as imports and exports carry them: sorted, on one line when they fit. */
export function braces(names: Iterable<string>): string {
  const sorted = [...names].sort()
  const line = `{ ${sorted.join(', ')} }`
  return line.length < 80 ? line : `{\n${sorted.map((name) => `  ${name},`).join('\n')}\n}`
}

/** A TypeScript string literal. */
export function quote(text: string): string {
  const body = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${body}'`
}

/** A doc comment for `text`, or nothing when there is none. */
export function docComment(text: string, indent = ''): string {
  if (!text) return ''
  const lines = text.replaceAll('*/', '* /').split('\n')
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}

function flat(value: unknown, style: Style): string {
  if (typeof value === 'string') return style === 'ts' ? quote(value) : JSON.stringify(value)
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return `[${value.map((item) => flat(item, style)).join(', ')}]`
  const members = present(value).map(([key, member]) => `${name(key, style)}: ${flat(member, style)}`)
  if (members.length === 0) return '{}'
  return `{ ${members.join(', ')} }`
}

function present(value: object): [string, unknown][] {
  return Object.entries(value).filter(([, member]) => member !== undefined)
}

function name(key: string, style: Style): string {
  if (style === 'json') return JSON.stringify(key)
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : quote(key)
}

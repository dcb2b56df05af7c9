import type { Message } from './model.ts'
import { braces, quote } from './print.ts'

export type CodecImports = {
  /** Import statements of the generated modules. */
  statements: string
  /** What each message is called in the importing file. */
  local: Map<Message, string>
}

/** Imports the codecs of `messages`. Where two contexts use one name, the context stands before it. */
export function codecImports(messages: Iterable<Message>): CodecImports {
  const wanted = [...new Set(messages)]
  const local = new Map(wanted.map((message) => [message, localName(message, wanted)]))
  const modules = new Map<string, string[]>()
  for (const message of wanted) {
    const name = local.get(message) as string
    const specifier = name === message.typeName ? name : `${message.typeName} as ${name}`
    modules.set(message.module, [...(modules.get(message.module) ?? []), specifier])
  }
  const statements = [...modules]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([module, specifiers]) => `import ${braces(specifiers)} from ${quote(`./gen/${module}`)}`)
  return { statements: statements.join('\n'), local }
}

function localName(message: Message, all: Message[]): string {
  const { typeName, context } = message
  const shared = all.some((other) => other !== message && other.typeName === typeName)
  return shared ? `${context[0]?.toUpperCase()}${context.slice(1)}${typeName}` : typeName
}

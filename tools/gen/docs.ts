import { factEntry } from './facts-file.ts'
import type { Fact, Field, Model } from './model.ts'

const generated = '<!-- Generated from proto/ by tools/gen. Do not edit. -->'

/** `docs/errors.md`: every code with status and both sentences. */
export function errorsDoc(model: Model): string {
  const contexts = [...new Set(model.errors.map(({ context }) => context))]
  const sections = ['common', ...contexts.filter((name) => name !== 'common')].map((name) => {
    const rows = model.errors
      .filter(({ context }) => context === name)
      .map(({ code, status, en, zh }) => `| \`${code}\` | ${status} | ${en} | ${zh} |`)
    const title = name === 'common' ? 'Any method' : name
    return `## ${title}\n\n| code | status | English | 简体中文 |\n|---|---|---|---|\n${rows.join('\n')}\n`
  })
  return `${generated}
# Errors

Errors are \`application/problem+json\` (RFC 9457): \`type, title, status, detail, code, traceId\` and, for validation,
\`violations: [{field, rule, message}]\`. Decide by \`code\`: it never changes its meaning. \`Accept-Language\` chooses the
language of the sentences.

${sections.join('\n')}`
}

/** `docs/events.md`: every fact with its fields. */
export function eventsDoc(model: Model): string {
  const contexts = [...new Set(model.facts.map(({ message }) => message.context))]
  const sections = contexts.map((name) => {
    const facts = model.facts.filter(({ message }) => message.context === name)
    return `## ${name}\n\n${facts.map((fact) => factSection(fact, model)).join('\n')}`
  })
  return `${generated}
# Facts

What happened, said once by the context that knows it, in the transaction that made it true. A fact is delivered at least
once to each consumer, in order within its aggregate, and never withdrawn. *Broadcast* facts also reach every gateway
process, which drops what it has cached under the tags named.

${sections.join('\n')}`
}

function factSection(fact: Fact, model: Model): string {
  const { message, says, name } = fact
  const { aggregateIdField, broadcast, edgeTags } = factEntry(fact)
  const notes = [`Ordered by \`${aggregateIdField}\`.`]
  if (broadcast) notes.push('Broadcast.')
  if (edgeTags.length > 0) notes.push(`Drops ${edgeTags.map((tag) => `\`${tag}\``).join(', ')}.`)
  const rows = message.fields.map(
    (field) => `| \`${field.json}\` | ${typeName(field, model)} | ${cell(field.comment)} |`,
  )
  const about = [says, message.comment.replaceAll('\n', ' ')].filter(Boolean).join(' ')
  return `### ${name}\n\n${about} ${notes.join(' ')}\n\n| field | type | |\n|---|---|---|\n${rows.join('\n')}\n`
}

function typeName({ type, shape, optional }: Field, model: Model): string {
  const single =
    type.kind === 'scalar'
      ? type.scalar
      : type.kind === 'timestamp'
        ? 'time'
        : type.kind === 'message'
          ? (model.messages.get(type.messageName)?.name ?? type.messageName)
          : (model.enums
              .get(type.enumName)
              ?.words.map((word) => `\`${word}\``)
              .join(' ') ?? type.enumName)
  if (shape === 'list') return `list of ${single}`
  if (shape === 'map') return `map to ${single}`
  return optional ? `${single}, may be absent` : single
}

function cell(text: string): string {
  return text.replaceAll('\n', ' ').replaceAll('|', '\\|')
}

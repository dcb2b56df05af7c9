import { facts } from '@souk/contract/facts'
import { methods } from '@souk/contract/methods'
import type { HeardFact } from '../options.ts'

const placeholder = /\{([^}]*)\}/g

const valueAt = (source: unknown, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (at, name) => (at !== null && typeof at === 'object' ? (at as Record<string, unknown>)[name] : undefined),
      source,
    )

/** Fills `product:{response.id}`; undefined when something is missing, because then nothing could ever drop it. */
const fill = (template: string, source: unknown): string | undefined => {
  let whole = true
  const tag = template.replace(placeholder, (_, path: string) => {
    const value = valueAt(source, path)
    if (value === undefined || value === null || value === '') whole = false
    return String(value)
  })
  return whole ? tag : undefined
}

/** What an answer depends on; undefined when that cannot be told, so that it must not be kept. */
export const answerTags = (
  templates: readonly string[],
  request: unknown,
  response: unknown,
): readonly string[] | undefined => {
  const tags = templates.map((template) => fill(template, { request, response }))
  return tags.every((tag) => tag !== undefined) ? tags : undefined
}

/** What a fact makes stale. */
export const factTags = ({ type, payload }: HeardFact): readonly string[] => {
  const templates = Object.hasOwn(facts, type) ? facts[type as keyof typeof facts].edgeTags : []
  return templates.map((template) => fill(template, payload)).filter((tag) => tag !== undefined)
}

/** Tags of whole collections, such as `catalog`: nearly every fact touches them, so they are dropped at most once a second. */
export const collectionTags: ReadonlySet<string> = new Set(
  methods.flatMap(({ cache }) => cache?.tags ?? []).filter((tag) => !tag.includes('{')),
)

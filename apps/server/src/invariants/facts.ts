import { createSubscriptions } from '@souk/platform'
import { contexts } from '../contexts.ts'
import type { Rule } from './rule.ts'

const subscriptions = createSubscriptions(contexts)
/** Source context → facts that a consumer hears from it. */
const heardFrom = (source: string, consumer: string) =>
  (contexts.find(({ name }) => name === consumer)?.hears ?? []).filter((type) => type.startsWith(`${source}.`))

/** Who hears which facts of whom. */
const exchanges = (): { source: string; consumer: string; types: string[] }[] =>
  contexts.flatMap(({ name: source }) =>
    contexts.flatMap(({ name: consumer }) => {
      const types = heardFrom(source, consumer).filter((type) => subscriptions.consumersOf(type).includes(consumer))
      return types.length === 0 ? [] : [{ source, consumer, types }]
    }),
  )

const schema = (context: string) => `souk_${context}`

/** I14, I15, I16: facts on their way, and keys. */
export const factRules: Rule[] = [
  {
    id: 'I14',
    about: 'every fact is taken by everybody who hears it',
    when: 'at rest',
    find: async (books) => {
      const waiting = await Promise.all(
        contexts.map(({ name }) =>
          books.rows<{ subject: string; detail: string }>(
            name,
            `select o.event_id::text as subject, format('%s waits for %s', o.type, t.consumer) as detail
             from ${schema(name)}.outbox_todo t join ${schema(name)}.outbox o using (id) where o.created_at < $1 limit 100`,
            [books.restedSince],
          ),
        ),
      )
      return waiting.flat()
    },
  },
  {
    id: 'I14',
    about: 'no fact is parked',
    when: 'at rest',
    find: async (books) =>
      (
        await Promise.all(
          contexts.map(({ name }) =>
            books.rows<{ subject: string; detail: string }>(
              name,
              `select event_id::text as subject, format('%s parked by ${name}: %s', type, error) as detail from ${schema(name)}.parked limit 100`,
            ),
          ),
        )
      ).flat(),
  },
  {
    id: 'I14',
    about: 'what was said and what was taken are the same set',
    when: 'at rest',
    find: async (books) => {
      const findings: { subject: string; detail: string }[] = []
      for (const { source, consumer, types } of exchanges()) {
        const said = await books.rows<{ event_id: string; type: string }>(
          source,
          `select event_id::text, type from ${schema(source)}.outbox where type = any($1) and created_at < $2 and created_at > now() - interval '1 day'`,
          [types, books.restedSince],
        )
        const taken = new Set(
          (
            await books.rows<{ event_id: string }>(
              consumer,
              `select event_id::text from ${schema(consumer)}.inbox where source = $1`,
              [source],
            )
          ).map((row) => row.event_id),
        )
        for (const { event_id, type } of said)
          if (!taken.has(event_id))
            findings.push({ subject: event_id, detail: `${type} was never taken by ${consumer}` })
      }
      return findings
    },
  },
  {
    id: 'I15',
    about: 'nobody passed over a fact of an aggregate',
    when: 'always',
    find: async (books) => {
      const findings: { subject: string; detail: string }[] = []
      for (const { source, consumer, types } of exchanges()) {
        const taken = await books.rows<{ aggregate_id: string; versions: string[] }>(
          consumer,
          `select aggregate_id, array_agg(aggregate_version::text) as versions from ${schema(consumer)}.inbox where source = $1 group by 1`,
          [source],
        )
        const seen = new Map(taken.map((row) => [row.aggregate_id, new Set(row.versions.map(Number))]))
        const said = await books.rows<{ aggregate_id: string; version: number; type: string }>(
          source,
          `select aggregate_id, aggregate_version::float8 as version, type from ${schema(source)}.outbox where type = any($1)`,
          [types],
        )
        for (const { aggregate_id, version, type } of said) {
          const versions = seen.get(aggregate_id)
          if (versions && !versions.has(version) && Math.max(...versions) > version)
            findings.push({ subject: aggregate_id, detail: `${consumer} passed over ${type}, version ${version}` })
        }
      }
      return findings
    },
  },
  {
    id: 'I16',
    about: 'a key that is done has its answer',
    when: 'always',
    find: async (books) =>
      (
        await Promise.all(
          contexts.map(({ name }) =>
            books.rows<{ subject: string; detail: string }>(
              name,
              `select key as subject, format('%s of ${name} without a reply', state) as detail from ${schema(name)}.idempotency_key where state <> 'running' and reply is null limit 100`,
            ),
          ),
        )
      ).flat(),
  },
]

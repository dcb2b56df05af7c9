import type { FactType } from '../context.ts'

/** Who hears what: made once from all front doors, the same in every process. */
export type Subscriptions = { consumersOf(type: string): readonly string[] }

export const createSubscriptions = (
  contexts: readonly { name: string; hears: readonly FactType[] }[],
): Subscriptions => {
  const table = new Map<string, string[]>()
  for (const { name, hears } of contexts) for (const type of hears) table.set(type, [...(table.get(type) ?? []), name])
  const none: readonly string[] = []
  return { consumersOf: (type) => table.get(type) ?? none }
}

import type { Waiters } from '../lifecycle/waiters.ts'
import type { BroadcastPage } from './broadcast.ts'

type Options = {
  read: (context: string, cursor: string) => Promise<BroadcastPage>
  waiters: Waiters
  /** Longest wait for something new, in milliseconds. */
  holdMs: number
  /** The process ends: nobody waits any more. */
  ending: () => boolean
}

export type LocalPoll = {
  poll(context: string, cursor: string): Promise<BroadcastPage>
  /** A fact of the context was committed here: whoever waits looks again. */
  told(context: string): void
}

/**
 * Long polls of contexts that live in this process. A poll looks, waits for news, and looks again; where the poll before
 * ended with nothing at the same cursor and nothing was committed here since, its last look is the first of this one.
 */
export const createLocalPoll = ({ read, waiters, holdMs, ending }: Options): LocalPoll => {
  const news = new Map<string, number>()
  const quiet = new Map<string, { cursor: string; news: number }>()
  const newsOf = (context: string): number => news.get(context) ?? 0

  const look = async (context: string, cursor: string): Promise<BroadcastPage> => {
    const before = newsOf(context)
    const found = await read(context, cursor)
    if (found.facts.length === 0) quiet.set(context, { cursor: found.cursor, news: before })
    return found
  }
  const isQuiet = (context: string, cursor: string): boolean => {
    const last = quiet.get(context)
    return last?.cursor === cursor && last.news === newsOf(context)
  }
  return {
    poll: async (context, cursor) => {
      const found = isQuiet(context, cursor) ? { facts: [], cursor } : await look(context, cursor)
      if (found.facts.length > 0 || cursor === '' || ending()) return found
      // Committed while we looked: who told of it found nobody waiting.
      if (isQuiet(context, found.cursor)) await waiters.wait(context, holdMs)
      return look(context, found.cursor)
    },
    told: (context) => {
      news.set(context, newsOf(context) + 1)
      waiters.wake(context)
    },
  }
}

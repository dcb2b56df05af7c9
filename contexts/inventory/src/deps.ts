import type { Kit, Tx } from '@souk/platform'
import { createKeys, type Keys } from '@souk/platform'
import { type Announcement, type Books, settleBands } from './domain/books.ts'
import { type BooksStore, createBooksStore, type Scope } from './store/books.ts'
import { createReads, type Reads } from './store/reads.ts'

export type Platform = Pick<Kit<never, Record<never, never>>, 'db' | 'log' | 'metrics' | 'failpoint'> & {
  /** Up to this many available is the band LOW. */
  lowStock: number
}

/** What the verbs of this context work with. */
export type Deps = Platform & {
  books: BooksStore
  reads: Reads
  keys: Keys
  /**
   * Opens books, lets the verbs write into them, announces what changed and saves, all inside the given transaction.
   */
  within<Reply>(tx: Tx, scope: Scope, work: (books: Books) => Reply | Promise<Reply>): Promise<Reply>
}

export const createDeps = (platform: Platform): Deps => {
  const { db, lowStock } = platform
  const books = createBooksStore(db.schema)
  return {
    ...platform,
    books,
    reads: createReads(db.schema),
    keys: createKeys(db),
    within: async (tx, scope, work) => {
      const opened = await books.open(tx, scope)
      const reply = await work(opened)
      settleBands(opened, lowStock)
      await tx.run(books.saving(opened, []))
      tx.publish(...(opened.facts as Announcement[]))
      return reply
    },
  }
}

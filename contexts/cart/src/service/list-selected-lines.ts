import type { ListSelectedLinesAnswer, ListSelectedLinesRequest } from '@souk/contract/cart'
import type { Deps } from '../deps.ts'
import { userOwner } from './owner.ts'

/** For the order context: what a buyer has selected. */
export const listSelectedLines =
  ({ db, store }: Deps) =>
  async ({ userId }: ListSelectedLinesRequest): Promise<ListSelectedLinesAnswer> => ({
    lines: await store.selected(db, userOwner(userId)),
  })

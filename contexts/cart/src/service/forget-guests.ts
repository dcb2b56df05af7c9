import type { Deps } from '../deps.ts'

const mostTogether = 500

/** Guest carts that nobody touched for so long are gone, so that visitors cannot fill the database. */
export const forgetGuests =
  ({ db, store }: Deps, untouchedMs: number) =>
  async (): Promise<void> => {
    while ((await store.forgetGuests(db, untouchedMs, mostTogether)) === mostTogether);
  }

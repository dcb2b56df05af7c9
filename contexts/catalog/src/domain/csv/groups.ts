import { type Columns, cell, type Row } from './columns.ts'

/** The rows of one product, as they stand together in the file. */
export type Group = {
  handle: string
  rows: Row[]
  /** Rows beyond what one product may have; they are refused unread. */
  surplus: number[]
  /** First byte after the group. */
  end: number
}

/** Enough for 500 variants and as many pictures. */
const mostRows = 1000

/**
 * Gathers consecutive rows of one handle. A row without handle stays with the product before it, where it is refused.
 * `add` answers the group that the row has completed; `end` is the first byte after the row.
 */
export const createGrouper = (columns: Columns) => {
  let open: Group | undefined
  const take = (): Group | undefined => {
    const done = open
    open = undefined
    return done
  }
  return {
    add: (row: Row, end: number): Group | undefined => {
      const handle = cell(columns, row, 'handle')
      const done = open && handle !== '' && handle !== open.handle ? take() : undefined
      open ??= { handle, rows: [], surplus: [], end }
      if (open.rows.length < mostRows) open.rows.push(row)
      else open.surplus.push(row.number)
      open.end = end
      return done
    },
    /** The group that the end of the file completes. */
    finish: take,
  }
}

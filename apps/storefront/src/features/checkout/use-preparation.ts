import type { Money } from '@souk/contract/common'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { serverNow } from '../../session/connection.ts'
import { preparationQuery } from './queries.ts'
import type { Wanted } from './wanted.ts'

/** The text once it has rested for a moment. */
const useRested = (text: string, ms: number): string => {
  const [rested, setRested] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setRested(text), ms)
    return () => clearTimeout(timer)
  }, [text, ms])
  return rested
}

const same = (a: Money, b: Money): boolean => a.currency === b.currency && a.amount === b.amount

type PreparationWish = { wanted: Wanted; addressId: string | undefined; note: string; enabled: boolean }

/**
 * The exact sum with the things held. When the hold ends it is prepared again by itself; a total that differs from the
 * one last seen waits for the buyer's yes.
 */
export const usePreparation = ({ wanted, addressId, note, enabled }: PreparationWish) => {
  const rested = useRested(note, 400)
  const query = useQuery({
    ...preparationQuery({ wanted, addressId: addressId ?? '', note: rested }),
    enabled: enabled && addressId !== undefined,
  })
  const { data, refetch } = query
  // What the buyer changes himself, such as the address, he sees change: only the same wish is compared.
  const wish = `${addressId} ${rested}`
  const [agreed, setAgreed] = useState<{ wish: string; total: Money }>()
  const total = data?.total
  useEffect(() => {
    if (total) setAgreed((known) => (known?.wish === wish ? known : { wish, total }))
  }, [wish, total])
  const ends = data?.holdExpiresAt
  useEffect(() => {
    if (!ends || !enabled) return undefined
    const timer = setTimeout(() => void refetch(), Math.max(1000, Date.parse(ends) - serverNow()))
    return () => clearTimeout(timer)
  }, [ends, enabled, refetch])
  return {
    query,
    preparation: data,
    /** The total the buyer knows, when the new one is another. */
    before: total && agreed?.wish === wish && !same(total, agreed.total) ? agreed.total : undefined,
    accept: () => total && setAgreed({ wish, total }),
    settled: rested === note,
  }
}

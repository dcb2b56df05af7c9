import type { CartLine } from '@souk/contract/cart'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { cartQuery, isSettling, onQuantityRefused, quoteQuery } from '../../data/cart.ts'
import { toast } from '../../parts/announce.ts'
import { useProblemText } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'

/** Lines keep their places while the page is open, so that a line that is put back returns to where it was. */
const useSteadyOrder = (lines: readonly CartLine[]): CartLine[] => {
  const places = useRef<string[]>([])
  lines.forEach(({ skuId }, place) => {
    if (!places.current.includes(skuId)) places.current.splice(place, 0, skuId)
  })
  return [...lines].sort((a, b) => places.current.indexOf(a.skuId) - places.current.indexOf(b.skuId))
}

/** The bag and what it costs. */
export const useBag = () => {
  const { locale } = useText()
  const textOf = useProblemText()
  const cart = useQuery(cartQuery(locale))
  const quote = useQuery({
    ...quoteQuery(cart.data ?? { lines: [], version: 0, count: 0, subtotal: undefined, cartToken: '' }, locale),
  })
  const lines = useSteadyOrder(cart.data?.lines ?? [])
  useEffect(() => onQuantityRefused((error) => toast(textOf(error))), [textOf])
  const chosen = lines.some(({ selected }) => selected)
  return {
    cart,
    lines,
    quote: chosen ? quote.data : undefined,
    quoteError: quote.error,
    retryQuote: quote.refetch,
    settling: isSettling() || quote.isPlaceholderData || quote.isFetching,
    chosen,
  }
}

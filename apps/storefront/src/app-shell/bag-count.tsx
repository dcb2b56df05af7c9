import { useQuery } from '@tanstack/react-query'
import { cartQuery } from '../data/cart.ts'
import { useText } from '../parts/use-text.ts'

/** How many things are in the bag; 0 while nobody knows. */
export const useBagCount = (): number => {
  const { locale } = useText()
  return useQuery(cartQuery(locale)).data?.count ?? 0
}

const most = 99

/** The number on the bag; it ticks when it changes. */
export const BagCount = ({ count, testId }: { count: number; testId?: string }) => (
  <span
    key={count}
    data-testid={testId}
    hidden={count === 0}
    className="absolute -top-0.5 left-1/2 ml-1 min-w-5 animate-[tick_200ms_var(--ease)] rounded-full bg-ink px-1 text-center text-[11px] leading-5 font-semibold text-on-ink tabular-nums"
  >
    {count > most ? `${most}+` : count}
  </span>
)

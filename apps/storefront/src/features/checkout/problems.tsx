import type { Money } from '@souk/contract/common'
import { ProblemNotice } from '@souk/ui'
import { Problem } from '../../api.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { ProblemBlock, useProblemText } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'

type ChangedTotalProps = { before: Money; now: Money; onAccept: () => void }

/** Nobody pays another sum than the one he agreed to: old and new, and a yes. */
export const ChangedTotal = ({ before, now, onAccept }: ChangedTotalProps) => {
  const { t, exact } = useText()
  return (
    <ProblemNotice
      tone="warn"
      title={t('checkout.changed')}
      action={
        <Button size="small" onClick={onAccept}>
          {t('checkout.accept')}
        </Button>
      }
    >
      {t('checkout.changed.text', { before: exact(before), now: exact(now) })}
    </ProblemNotice>
  )
}

type Named = { skuId: string; name: string }

/** The lines that a refusal speaks of. */
const concerned = ({ params }: Problem, lines: readonly Named[]): Named[] => {
  const text = JSON.stringify(params)
  return lines.filter(({ skuId }) => text.includes(skuId))
}

type CheckoutProblemProps = {
  error: unknown
  unsure: boolean
  onRetry: () => void
  lines: readonly Named[]
}

/** What stands between the buyer and the order. */
export const CheckoutProblem = ({ error, unsure, onRetry, lines }: CheckoutProblemProps) => {
  const { t } = useText()
  const textOf = useProblemText()
  if (error === undefined || error === null) return null
  if (unsure)
    return (
      <ProblemNotice tone="warn" title={t('checkout.unsure')}>
        {t('checkout.unsure.text')}
      </ProblemNotice>
    )
  const code = error instanceof Problem ? error.code : ''
  // Prepared anew by itself; a total that changed has its own notice.
  if (code === 'PREPARATION_EXPIRED' || code === 'PRICE_CHANGED') return null
  if (error instanceof Problem && (code === 'OUT_OF_STOCK' || code === 'NOT_BUYABLE' || code === 'CART_EMPTY')) {
    const names = concerned(error, lines).map(({ name }) => name)
    return (
      <ProblemNotice
        title={textOf(error)}
        action={
          <ButtonLink to="/bag" look="line" size="small">
            {t('checkout.toBag')}
          </ButtonLink>
        }
      >
        {names.length > 0 ? names.join(', ') : t('checkout.repair')}
      </ProblemNotice>
    )
  }
  return <ProblemBlock error={error} onRetry={onRetry} />
}

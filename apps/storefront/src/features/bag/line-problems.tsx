import type { CartLine, LineProblem } from '@souk/contract/cart'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { useText } from '../../parts/use-text.ts'

type Repair = { text: string; run: () => void }

type ProblemRowProps = { children: ReactNode; repair?: Repair }

const ProblemRow = ({ children, repair }: ProblemRowProps) => (
  <div className="mt-1 flex flex-wrap items-center gap-x-3 text-small text-warn">
    <span className="flex items-start gap-2 py-1.5">
      <TriangleAlert size={16} aria-hidden className="mt-0.5 shrink-0" />
      {children}
    </span>
    {repair && (
      <button type="button" className="min-h-11 font-semibold underline underline-offset-4" onClick={repair.run}>
        {repair.text}
      </button>
    )}
  </div>
)

type LineProblemsProps = { line: CartLine; onChange: (quantity: number) => void; onRemove: () => void }

/** What became of a line since it was put in, each with its repair. */
export const LineProblems = ({ line, onChange, onRemove }: LineProblemsProps) => {
  const { t, money } = useText()
  const remove = { text: t('bag.remove'), run: onRemove }
  const row = ({ kind, available = 0, oldPrice }: LineProblem) => {
    if (kind === 'UNPUBLISHED') return <ProblemRow repair={remove}>{t('line.unpublished')}</ProblemRow>
    if (kind === 'OUT_OF_STOCK' || (kind === 'SHORT' && available < 1))
      return <ProblemRow repair={remove}>{t('line.soldOut')}</ProblemRow>
    if (kind === 'SHORT') {
      const repair = { text: t('line.setTo', { count: available }), run: () => onChange(available) }
      return <ProblemRow repair={repair}>{t('line.short', { count: available })}</ProblemRow>
    }
    if (kind === 'PRICE_CHANGED' && oldPrice && line.unitPrice)
      return <ProblemRow>{t('line.price', { old: money(oldPrice), price: money(line.unitPrice) })}</ProblemRow>
    return kind === 'AVAILABILITY_UNKNOWN' ? <ProblemRow>{t('line.unknown')}</ProblemRow> : null
  }
  return line.problems.map((problem) => <div key={problem.kind}>{row(problem)}</div>)
}

/** Whether ordering would be refused because of this line. */
export const isBlocked = ({ selected, problems }: CartLine): boolean =>
  selected && problems.some(({ kind }) => kind === 'UNPUBLISHED' || kind === 'OUT_OF_STOCK' || kind === 'SHORT')

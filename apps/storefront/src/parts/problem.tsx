import { isUnsure, ProblemNotice, treatmentOf } from '@souk/ui'
import { RotateCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Problem } from '../api.ts'
import { Button } from './button.tsx'
import { useText } from './use-text.ts'

/** Seconds left before asking again makes sense; 0 when it does. */
export const useWait = (error: unknown): number => {
  const asked = error instanceof Problem ? (error.retryAfter ?? 0) : 0
  const [left, setLeft] = useState(asked)
  useEffect(() => {
    setLeft(asked)
    if (asked <= 0) return undefined
    const end = performance.now() + asked * 1000
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000))), 250)
    return () => clearInterval(timer)
  }, [asked])
  return left
}

/** What happened, in the reader's words: the server's own sentence where it has one. */
export const useProblemText = () => {
  const { t } = useText()
  return (error: unknown): string => {
    if (!(error instanceof Problem)) return t('problem.unknown')
    return error.status === 0 ? t('problem.offline') : error.detail || t('problem.unknown')
  }
}

type ProblemProps = {
  error: unknown
  onRetry?: () => void
  title?: string
}

/** Replaces just the block that failed: reason, retry, and the number to tell to support. */
export const ProblemBlock = ({ error, onRetry, title }: ProblemProps) => {
  const { t } = useText()
  const textOf = useProblemText()
  const left = useWait(error)
  const problem = error instanceof Problem ? error : undefined
  const busy = problem !== undefined && (treatmentOf(problem.code) === 'countdown' || problem.status === 503)
  return (
    <ProblemNotice
      tone={busy ? 'warn' : 'bad'}
      title={title ?? (isUnsure(error) ? t('problem.title.unsure') : t('problem.title.refused'))}
      trace={problem?.traceId && t('problem.trace', { id: problem.traceId })}
      action={
        onRetry && (
          <Button look="line" size="small" onClick={onRetry} disabled={left > 0}>
            <RotateCw size={16} aria-hidden />
            {left > 0 ? t('problem.retryIn', { seconds: left }) : t('problem.retry')}
          </Button>
        )
      }
    >
      {textOf(error)}
    </ProblemNotice>
  )
}

import { EmptyState } from '@souk/ui'
import type { ErrorComponentProps } from '@tanstack/react-router'
import broken from '../../../server/demo/media/illustration-error.webp'
import { Problem } from '../api.ts'
import { Button, ButtonLink } from '../parts/button.tsx'
import { NotFoundPage } from '../parts/not-found-page.tsx'
import { WindowTitle } from '../parts/page-title.tsx'
import { useText } from '../parts/use-text.ts'

/** A page that could not be drawn; the bag is on the server and stays. */
export const CrashPage = ({ error, reset }: ErrorComponentProps) => {
  const { t } = useText()
  if (error instanceof Problem && error.status === 404) return <NotFoundPage />
  return (
    <div className="container-page" data-testid="problem">
      <WindowTitle title={t('crash.title')} />
      <EmptyState
        heading="h1"
        picture={broken}
        title={t('crash.title')}
        action={
          <div className="flex flex-wrap justify-center gap-3">
            <Button onClick={reset}>{t('problem.retry')}</Button>
            <ButtonLink look="line" to="/">
              {t('notFound.home')}
            </ButtonLink>
          </div>
        }
      >
        {error instanceof Problem && error.detail ? error.detail : t('crash.text')}
      </EmptyState>
    </div>
  )
}

import { EmptyState } from '@souk/ui'
import lost from '../../../server/demo/media/illustration-page-not-found.webp'
import { ButtonLink } from './button.tsx'
import { WindowTitle } from './page-title.tsx'
import { useText } from './use-text.ts'

export const NotFoundPage = () => {
  const { t } = useText()
  return (
    <div className="container-page">
      <WindowTitle title={t('notFound.title')} />
      <EmptyState
        heading="h1"
        picture={lost}
        title={t('notFound.title')}
        action={<ButtonLink to="/">{t('notFound.home')}</ButtonLink>}
      >
        {t('notFound.text')}
      </EmptyState>
    </div>
  )
}

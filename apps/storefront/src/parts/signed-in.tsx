import { EmptyState } from '@souk/ui'
import { Link, useRouterState } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import security from '../../../server/demo/media/illustration-security.webp'
import { useSession } from '../session/use-session.ts'
import { ButtonLink } from './button.tsx'
import { WindowTitle } from './page-title.tsx'
import { useText } from './use-text.ts'

type SignedInProps = {
  /** Of the window, while somebody else sees the invitation. */
  title: string
  /** Why an account is needed here. */
  why: string
  children: ReactNode
}

/** Draws its content for people with an account and invites others to sign in and come back here. */
export const SignedIn = ({ title, why, children }: SignedInProps) => {
  const { t } = useText()
  const { status } = useSession()
  const here = useRouterState({ select: ({ location }) => location.href })
  if (status === 'signed-in') return children
  if (status === 'restoring')
    return (
      <div className="container-page appear-late pt-8">
        <div className="skeleton h-10 w-60" />
      </div>
    )
  return (
    <div className="container-page">
      <WindowTitle title={title} />
      <EmptyState
        heading="h1"
        picture={security}
        title={t('signedIn.title')}
        action={
          <div className="flex flex-col items-center gap-2">
            <ButtonLink to="/login" search={{ next: here }} size="large">
              {t('auth.signIn')}
            </ButtonLink>
            <Link to="/register" search={{ next: here }} className="link inline-flex min-h-11 items-center font-medium">
              {t('auth.toOther.login')}
            </Link>
          </div>
        }
      >
        {why}
      </EmptyState>
    </div>
  )
}

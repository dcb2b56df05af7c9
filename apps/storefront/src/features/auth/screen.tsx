import { Link, useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'
import security from '../../../../server/demo/media/illustration-security.webp'
import { safeNext } from '../../data/next-path.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { useText } from '../../parts/use-text.ts'
import { useSession } from '../../session/use-session.ts'
import { AccountForm, type AccountFormKind } from './account-form.tsx'

type AuthScreenProps = { kind: AccountFormKind; next: string | undefined }

/** `/login` and `/register`: afterwards back to where the reader came from. */
export const AuthScreen = ({ kind, next }: AuthScreenProps) => {
  const { t } = useText()
  const router = useRouter()
  const { status } = useSession()
  useEffect(() => {
    // Right after signing in, and for somebody who was signed in already: there is nothing more to do here.
    if (status === 'signed-in') router.history.replace(safeNext(next))
  }, [status, next, router])
  const other = kind === 'login' ? '/register' : '/login'
  return (
    <div className="container-page grid min-h-[62svh] items-center gap-10 py-8 md:grid-cols-2 lg:gap-20">
      <div className="mx-auto w-full max-w-105">
        <PageTitle title={t(`auth.title.${kind}`)} />
        <p className="mt-2 mb-7 text-ink-2">{t(`auth.text.${kind}`)}</p>
        <AccountForm key={kind} kind={kind}>
          <p className="pt-2 text-center text-ink-2">
            {t(`auth.other.${kind}`)}{' '}
            <Link to={other} search={{ next }} replace className="link inline-flex min-h-11 items-center font-medium">
              {t(`auth.toOther.${kind}`)}
            </Link>
          </p>
        </AccountForm>
      </div>
      <div className="souk-stage hidden h-full min-h-110 rounded-band md:grid" aria-hidden>
        <div className="souk-media" data-cutout="">
          <img src={security} alt="" width={320} height={320} />
        </div>
      </div>
    </div>
  )
}

import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { useText } from '../../parts/use-text.ts'
import { answerAsking } from '../../session/session.ts'
import { AccountForm, type AccountFormKind } from './account-form.tsx'

/** The session ended in the middle of something: sign in here, and what was begun goes on. */
const SignInSheet = () => {
  const { t } = useText()
  const [kind, setKind] = useState<AccountFormKind>('login')
  return (
    <Dialog open onClose={() => answerAsking(false)} title={t(`auth.title.${kind}`)} description={t('auth.sheet')}>
      <AccountForm key={kind} kind={kind} onDone={() => answerAsking(true)}>
        <p className="text-center text-ink-2">
          {t(`auth.other.${kind}`)}{' '}
          <button
            type="button"
            className="link min-h-11 font-medium"
            onClick={() => setKind(kind === 'login' ? 'register' : 'login')}
          >
            {t(`auth.toOther.${kind}`)}
          </button>
        </p>
      </AccountForm>
    </Dialog>
  )
}

export default SignInSheet

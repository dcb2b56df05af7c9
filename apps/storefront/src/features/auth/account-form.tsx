import { ProblemNotice, treatmentOf } from '@souk/ui'
import { Eye, EyeOff } from 'lucide-react'
import { type ReactNode, useRef, useState } from 'react'
import { Problem } from '../../api.ts'
import { login, register } from '../../data/account.ts'
import { completeSignIn } from '../../data/sign-in.ts'
import { toast } from '../../parts/announce.ts'
import { Button } from '../../parts/button.tsx'
import { Field } from '../../parts/field.tsx'
import { ProblemBlock, useProblemText, useWait } from '../../parts/problem.tsx'
import { useText } from '../../parts/use-text.ts'

export type AccountFormKind = 'login' | 'register'

type AccountFormProps = {
  kind: AccountFormKind
  onDone?: () => void
  children?: ReactNode
}

const Password = ({ kind, error }: { kind: AccountFormKind; error: string | undefined }) => {
  const { t } = useText()
  const [shown, setShown] = useState(false)
  const Icon = shown ? EyeOff : Eye
  return (
    <Field
      name="password"
      type={shown ? 'text' : 'password'}
      label={t('auth.password')}
      hint={kind === 'register' ? t('auth.password.hint') : undefined}
      error={error}
      autoComplete={kind === 'register' ? 'new-password' : 'current-password'}
      minLength={kind === 'register' ? 8 : 1}
      maxLength={128}
      required
      after={
        <button
          type="button"
          className="absolute top-0.5 right-1 grid size-11 place-items-center rounded-full text-ink-2"
          aria-label={t(shown ? 'auth.password.hide' : 'auth.password.show')}
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          <Icon size={18} aria-hidden />
        </button>
      }
    />
  )
}

/** What a refusal says about a field of this form. */
const violationOf = (error: unknown, fields: readonly string[]): string | undefined =>
  error instanceof Problem ? error.violations.find(({ field }) => fields.includes(field))?.message : undefined

const Refusal = ({ error }: { error: unknown }) => {
  const { t } = useText()
  const textOf = useProblemText()
  if (error === undefined || violationOf(error, ['password', 'email', 'phone'])) return null
  if (error instanceof Problem && treatmentOf(error.code) !== 'field') return <ProblemBlock error={error} />
  return <ProblemNotice title={textOf(error)}>{error instanceof Problem ? t('auth.refused') : null}</ProblemNotice>
}

/** Signing in and registering are one form: an account and a password. */
export const AccountForm = ({ kind, onDone, children }: AccountFormProps) => {
  const { t } = useText()
  const [state, setState] = useState<{ pending: boolean; error?: unknown }>({ pending: false })
  const form = useRef<HTMLFormElement>(null)
  const left = useWait(state.error)
  const submit = async (data: FormData) => {
    setState({ pending: true })
    try {
      const enter = kind === 'login' ? login : register
      const changes = await completeSignIn(await enter(String(data.get('account')), String(data.get('password'))))
      if (changes.length > 0) toast(t('bag.cameAlong', { count: changes.length }))
      for (const { name, from, to } of changes) if (from > 0) toast(t('bag.merged', { name, from, to }))
      onDone?.()
    } catch (error) {
      setState({ pending: false, error })
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"], input')?.focus()
    }
  }
  return (
    <form
      ref={form}
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault()
        if (!state.pending) void submit(new FormData(event.currentTarget))
      }}
    >
      <Field
        name="account"
        label={t('auth.account')}
        error={violationOf(state.error, ['email', 'phone'])}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={254}
        required
      />
      <Password kind={kind} error={violationOf(state.error, ['password'])} />
      <Refusal error={state.error} />
      <Button type="submit" size="large" wide busy={state.pending} disabled={left > 0}>
        {left > 0 ? t('problem.retryIn', { seconds: left }) : t(kind === 'login' ? 'auth.signIn' : 'auth.register')}
      </Button>
      {children}
    </form>
  )
}

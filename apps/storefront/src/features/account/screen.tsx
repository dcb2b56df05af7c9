import { type Locale, locales } from '@souk/ui'
import { useState } from 'react'
import { signOut } from '../../data/sign-in.ts'
import { chooseLocale } from '../../i18n.ts'
import { Button, ButtonLink } from '../../parts/button.tsx'
import { SelectField } from '../../parts/field.tsx'
import { languageNames } from '../../parts/language-names.ts'
import { PageTitle } from '../../parts/page-title.tsx'
import { useText } from '../../parts/use-text.ts'
import { chooseTheme, currentTheme, type Theme, themes } from '../../preferences.ts'
import { useSession } from '../../session/use-session.ts'
import { AddressBook } from './address-book.tsx'

const Preferences = () => {
  const { t, locale } = useText()
  const [theme, setTheme] = useState(currentTheme)
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <SelectField
        label={t('preferences.language')}
        value={locale}
        onChange={(event) => void chooseLocale(event.target.value as Locale)}
      >
        {locales.map((one) => (
          <option key={one} value={one}>
            {languageNames[one]}
          </option>
        ))}
      </SelectField>
      <SelectField
        label={t('preferences.theme')}
        value={theme}
        onChange={(event) => {
          chooseTheme(event.target.value as Theme)
          setTheme(event.target.value as Theme)
        }}
      >
        {themes.map((one) => (
          <option key={one} value={one}>
            {t(`theme.${one}`)}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

const SignOut = () => {
  const { t } = useText()
  const [pending, setPending] = useState(false)
  const leave = async () => {
    setPending(true)
    // Signed out here in any case; the server forgets the session when it can be reached.
    await signOut().catch(() => undefined)
    setPending(false)
  }
  return (
    <Button look="line" busy={pending} onClick={() => void leave()}>
      {t('auth.signOut')}
    </Button>
  )
}

const SignedInPart = ({ name }: { name: string }) => {
  const { t } = useText()
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="mr-auto min-w-0 text-ink-2 [overflow-wrap:anywhere]">{name}</p>
        <ButtonLink to="/orders">{t('nav.orders')}</ButtonLink>
        <SignOut />
      </div>
      <section className="border-t border-line pt-8">
        <h2 className="text-h3 mb-4">{t('me.addresses')}</h2>
        <AddressBook />
      </section>
    </>
  )
}

const GuestPart = () => {
  const { t } = useText()
  return (
    <div className="rounded-band bg-surface p-6 md:p-8">
      <p className="max-w-[50ch] text-ink-2">{t('me.guest')}</p>
      <div className="mt-5 flex flex-wrap gap-3">
        <ButtonLink to="/login" search={{ next: '/me' }}>
          {t('auth.signIn')}
        </ButtonLink>
        <ButtonLink to="/register" search={{ next: '/me' }} look="line">
          {t('auth.register')}
        </ButtonLink>
      </div>
    </div>
  )
}

export const AccountScreen = () => {
  const { t } = useText()
  const { status, user } = useSession()
  return (
    <div className="container-page pt-6 md:pt-8">
      <div className="mx-auto max-w-200 space-y-8">
        <PageTitle title={t('me.title')} />
        {status === 'signed-in' && <SignedInPart name={user?.nickname || user?.email || user?.phone || ''} />}
        {status === 'guest' && <GuestPart />}
        <section className="border-t border-line pt-8">
          <h2 className="text-h3 mb-4">{t('me.preferences')}</h2>
          <Preferences />
        </section>
      </div>
    </div>
  )
}

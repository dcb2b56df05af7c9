import { defineContext, duration, flag, optionalText, type Setting } from '@souk/platform'
import { checkSession } from './service/check-session.ts'
import { createAddress } from './service/create-address.ts'
import { createApiKey } from './service/create-api-key.ts'
import { createStaff } from './service/create-staff.ts'
import { deleteAddress } from './service/delete-address.ts'
import type { Deps } from './service/deps.ts'
import { ensureAdministrator } from './service/ensure-administrator.ts'
import { forgetEnded } from './service/forget-ended.ts'
import { freezeUser } from './service/freeze-user.ts'
import { getAddress } from './service/get-address.ts'
import { getKeys } from './service/get-keys.ts'
import { getMe } from './service/get-me.ts'
import { createPasswords } from './service/hash-password.ts'
import { listAddresses } from './service/list-addresses.ts'
import { listApiKeys } from './service/list-api-keys.ts'
import { listRevoked } from './service/list-revoked.ts'
import { listSessions } from './service/list-sessions.ts'
import { listUsers } from './service/list-users.ts'
import { login } from './service/login.ts'
import { logout } from './service/logout.ts'
import { logoutAll } from './service/logout-all.ts'
import { refresh } from './service/refresh.ts'
import { register } from './service/register.ts'
import { resolveApiKey } from './service/resolve-api-key.ts'
import { revokeApiKey } from './service/revoke-api-key.ts'
import { revokeSession } from './service/revoke-session.ts'
import { rotateSigningKeys } from './service/rotate-signing-keys.ts'
import { setRoles } from './service/set-roles.ts'
import { createSignToken } from './service/sign-token.ts'
import { snapshotAddress } from './service/snapshot-address.ts'
import { stepUp } from './service/step-up.ts'
import { unfreezeUser } from './service/unfreeze-user.ts'
import { updateAddress } from './service/update-address.ts'
import { updateMe } from './service/update-me.ts'
import { createAccounts } from './store/accounts.ts'
import { createAddresses } from './store/addresses.ts'
import { createApiKeys } from './store/api-keys.ts'
import { createLoginFailures } from './store/login-failures.ts'
import { createSessions } from './store/sessions.ts'
import { createSigningKeys } from './store/signing-keys.ts'

export { tokenAudience } from './service/sign-token.ts'
export {
  createTokenVerifier,
  type TokenUser,
  type TokenVerifier,
  type VerifierOptions,
} from './service/verify-token.ts'

/** The issuer of access tokens when no public address is configured. */
export const defaultIssuer = 'souk'

const within = <T>(setting: Setting<T>, good: (value: T) => boolean, expected: string): Setting<T> => ({
  ...setting,
  parse: (text) => {
    const value = setting.parse(text)
    if (!good(value)) throw new Error(`expected ${expected}`)
    return value
  },
})

const config = {
  publicUrl: optionalText('SOUK_PUBLIC_URL', { about: 'where browsers find Souk; also the issuer of access tokens' }),
  tokenLifeMs: within(
    duration('SOUK_ACCESS_TOKEN_TTL', { fallback: '10m', about: 'life of an access token' }),
    (ms) => ms >= 1000 && ms <= 600_000,
    'from 1s to 10m',
  ),
  sessionIdleMs: within(
    duration('SOUK_SESSION_IDLE', { fallback: '30d', about: 'a session without a refresh ends after this' }),
    (ms) => ms >= 60_000,
    'at least 1m',
  ),
  keyRotationMs: within(
    duration('SOUK_SIGNING_KEY_ROTATION', {
      fallback: '30d',
      about: 'age at which the key of access tokens is replaced',
    }),
    (ms) => ms >= 3_600_000,
    'at least 1h',
  ),
  rateLimits: flag('SOUK_RATE_LIMITS', {
    fallback: 'on',
    about: 'off lifts rate limits and the login throttle; load tests only',
  }),
  adminEmail: optionalText('SOUK_ADMIN_EMAIL', {
    about: 'the administrator that must exist; created or promoted at start',
  }),
  adminPassword: within(
    optionalText('SOUK_ADMIN_PASSWORD', {
      about: 'password of a created administrator; drawn and printed when empty',
      secret: true,
    }),
    (password) => password === undefined || ([...password].length >= 8 && [...password].length <= 128),
    'from 8 to 128 characters',
  ),
}

const minute = 60_000

/** Who people are: accounts, sessions, roles, API keys and address books. Calls no other context. */
export const identity = defineContext({
  name: 'identity',
  migrations: new URL('../migrations/', import.meta.url),
  offers: ['identity.AuthService', 'identity.AccountService', 'identity.UserAdminService', 'identity.IdentityService'],
  needs: [],
  hears: [],
  config,
  build: ({ db, clock, log, metrics, config }) => {
    const { schema } = db
    const signingKeys = createSigningKeys(schema)
    const issuer = config.publicUrl ?? defaultIssuer
    const deps: Deps = {
      db,
      clock,
      log,
      metrics,
      signingKeys,
      accounts: createAccounts(schema),
      sessions: createSessions(schema),
      addresses: createAddresses(schema),
      apiKeys: createApiKeys(schema),
      loginFailures: createLoginFailures(schema),
      passwords: createPasswords(),
      signToken: createSignToken({ db, clock, signingKeys, issuer, tokenLifeMs: config.tokenLifeMs }),
      settings: {
        rotation: { tokenLifeMs: config.tokenLifeMs, everyMs: config.keyRotationMs },
        sessionIdleMs: config.sessionIdleMs,
        throttled: config.rateLimits,
        adminEmail: config.adminEmail,
        adminPassword: config.adminPassword,
      },
    }
    const rotate = rotateSigningKeys(deps)
    // Straight to the terminal and nowhere else: a generated password must not enter the log.
    const ensureAdmin = ensureAdministrator(deps, (line) => void process.stderr.write(`${line}\n`))
    return {
      services: servicesOf(deps),
      jobs: [
        { name: 'identity.rotateSigningKeys', everyMs: minute, run: rotate },
        { name: 'identity.forgetEnded', everyMs: 10 * minute, run: forgetEnded(deps) },
      ],
      prepare: async () => {
        await rotate()
        await ensureAdmin()
      },
    }
  },
})

const servicesOf = (deps: Deps) => ({
  'identity.AuthService': {
    register: register(deps),
    login: login(deps),
    refresh: refresh(deps),
    logout: logout(deps),
    logoutAll: logoutAll(deps),
    listSessions: listSessions(deps),
    revokeSession: revokeSession(deps),
    stepUp: stepUp(deps),
    getKeys: getKeys(deps),
  },
  'identity.AccountService': {
    getMe: getMe(deps),
    updateMe: updateMe(deps),
    listAddresses: listAddresses(deps),
    createAddress: createAddress(deps),
    getAddress: getAddress(deps),
    updateAddress: updateAddress(deps),
    deleteAddress: deleteAddress(deps),
  },
  'identity.UserAdminService': {
    listUsers: listUsers(deps),
    freezeUser: freezeUser(deps),
    unfreezeUser: unfreezeUser(deps),
    createStaff: createStaff(deps),
    setRoles: setRoles(deps),
    createApiKey: createApiKey(deps),
    listApiKeys: listApiKeys(deps),
    revokeApiKey: revokeApiKey(deps),
  },
  'identity.IdentityService': {
    resolveApiKey: resolveApiKey(deps),
    checkSession: checkSession(deps),
    listRevoked: listRevoked(deps),
    snapshotAddress: snapshotAddress(deps),
  },
})

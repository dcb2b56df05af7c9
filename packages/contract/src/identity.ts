// Generated from proto/ by tools/gen. Do not edit.

import type { Empty } from './gen/google/protobuf/empty.ts'
import type { RawAnswer } from './gen/souk/common/v1/raw.ts'
import type {
  CheckSessionAnswer,
  CheckSessionRequest,
  CreateApiKeyAnswer,
  CreateApiKeyRequest,
  CreateStaffRequest,
  DeleteAddressRequest,
  FreezeUserRequest,
  GetAddressRequest,
  GetKeysRequest,
  GetMeRequest,
  ListAddressesAnswer,
  ListAddressesRequest,
  ListApiKeysAnswer,
  ListApiKeysRequest,
  ListRevokedAnswer,
  ListRevokedRequest,
  ListSessionsAnswer,
  ListSessionsRequest,
  ListUsersAnswer,
  ListUsersRequest,
  LoginRequest,
  LogoutRequest,
  RefreshRequest,
  RegisterRequest,
  ResolveApiKeyAnswer,
  ResolveApiKeyRequest,
  RevokeApiKeyRequest,
  RevokeSessionRequest,
  SetRolesRequest,
  SnapshotAddressRequest,
  StepUpAnswer,
  StepUpRequest,
  TokenAnswer,
  UnfreezeUserRequest,
  UpdateAddressRequest,
  UpdateMeRequest,
} from './gen/souk/identity/v1/service.ts'
import type { Address, AddressInput, User, UserStatus_Value } from './gen/souk/identity/v1/types.ts'

export { ApiKeyRevoked, SessionsRevoked, UserRegistered } from './gen/souk/identity/v1/events.ts'
export {
  CheckSessionAnswer,
  CheckSessionRequest,
  CreateApiKeyAnswer,
  CreateApiKeyRequest,
  CreateStaffRequest,
  DeleteAddressRequest,
  FreezeUserRequest,
  GetAddressRequest,
  GetKeysRequest,
  GetMeRequest,
  ListAddressesAnswer,
  ListAddressesRequest,
  ListApiKeysAnswer,
  ListApiKeysRequest,
  ListRevokedAnswer,
  ListRevokedRequest,
  ListSessionsAnswer,
  ListSessionsRequest,
  ListUsersAnswer,
  ListUsersRequest,
  LoginRequest,
  LogoutRequest,
  RefreshRequest,
  RegisterRequest,
  ResolveApiKeyAnswer,
  ResolveApiKeyRequest,
  RevokeApiKeyRequest,
  RevokeSessionRequest,
  SetRolesRequest,
  SnapshotAddressRequest,
  StepUpAnswer,
  StepUpRequest,
  TokenAnswer,
  UnfreezeUserRequest,
  UpdateAddressRequest,
  UpdateMeRequest,
} from './gen/souk/identity/v1/service.ts'
export { Address, AddressInput, ApiKey, Session, User, UserStatus_Value } from './gen/souk/identity/v1/types.ts'

export type UserStatus = Exclude<UserStatus_Value, 'UNSPECIFIED'>

export interface AuthService<C> {
  /** POST /v1/auth/register */
  register(request: RegisterRequest, call: C): Promise<TokenAnswer>
  /** POST /v1/auth/login */
  login(request: LoginRequest, call: C): Promise<TokenAnswer>
  /** POST /v1/auth/refresh */
  refresh(request: RefreshRequest, call: C): Promise<TokenAnswer>
  /** POST /v1/auth/logout */
  logout(request: LogoutRequest, call: C): Promise<Empty>
  /** POST /v1/auth/logout-all */
  logoutAll(request: LogoutRequest, call: C): Promise<Empty>
  /** GET /v1/auth/sessions */
  listSessions(request: ListSessionsRequest, call: C): Promise<ListSessionsAnswer>
  /** DELETE /v1/auth/sessions/{id} */
  revokeSession(request: RevokeSessionRequest, call: C): Promise<Empty>
  /**
   * POST /v1/auth/step-up
   * Lifts the session for 5 minutes for verbs that need re-authentication.
   */
  stepUp(request: StepUpRequest, call: C): Promise<StepUpAnswer>
  /**
   * GET /.well-known/jwks.json
   * The public keys of access tokens (RFC 7517).
   */
  getKeys(request: GetKeysRequest, call: C): Promise<RawAnswer>
}

export interface AccountService<C> {
  /** GET /v1/me */
  getMe(request: GetMeRequest, call: C): Promise<User>
  /** PATCH /v1/me */
  updateMe(request: UpdateMeRequest, call: C): Promise<User>
  /** GET /v1/me/addresses */
  listAddresses(request: ListAddressesRequest, call: C): Promise<ListAddressesAnswer>
  /** POST /v1/me/addresses */
  createAddress(request: AddressInput, call: C): Promise<Address>
  /** GET /v1/me/addresses/{id} */
  getAddress(request: GetAddressRequest, call: C): Promise<Address>
  /** PATCH /v1/me/addresses/{id} */
  updateAddress(request: UpdateAddressRequest, call: C): Promise<Address>
  /** DELETE /v1/me/addresses/{id} */
  deleteAddress(request: DeleteAddressRequest, call: C): Promise<Empty>
}

export interface UserAdminService<C> {
  /** GET /v1/admin/users */
  listUsers(request: ListUsersRequest, call: C): Promise<ListUsersAnswer>
  /** POST /v1/admin/users/{id}/freeze */
  freezeUser(request: FreezeUserRequest, call: C): Promise<User>
  /** POST /v1/admin/users/{id}/unfreeze */
  unfreezeUser(request: UnfreezeUserRequest, call: C): Promise<User>
  /** POST /v1/admin/staff */
  createStaff(request: CreateStaffRequest, call: C): Promise<User>
  /** PUT /v1/admin/users/{id}/roles */
  setRoles(request: SetRolesRequest, call: C): Promise<User>
  /** POST /v1/admin/api-keys */
  createApiKey(request: CreateApiKeyRequest, call: C): Promise<CreateApiKeyAnswer>
  /** GET /v1/admin/api-keys */
  listApiKeys(request: ListApiKeysRequest, call: C): Promise<ListApiKeysAnswer>
  /** DELETE /v1/admin/api-keys/{id} */
  revokeApiKey(request: RevokeApiKeyRequest, call: C): Promise<Empty>
}

/** For other contexts and the gateway only. */
export interface IdentityService<C> {
  resolveApiKey(request: ResolveApiKeyRequest, call: C): Promise<ResolveApiKeyAnswer>
  /** Whether a session lives and until when it is stepped up; asked at once for step-up verbs. */
  checkSession(request: CheckSessionRequest, call: C): Promise<CheckSessionAnswer>
  /** Sessions revoked in the last access-token lifetime: what a gateway process loads at start. */
  listRevoked(request: ListRevokedRequest, call: C): Promise<ListRevokedAnswer>
  snapshotAddress(request: SnapshotAddressRequest, call: C): Promise<Address>
}

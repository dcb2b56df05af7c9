// Generated from proto/ by tools/gen. Do not edit.

export type Permission =
  | 'catalog:write'
  | 'inventory:read'
  | 'inventory:adjust'
  | 'inventory:operate'
  | 'order:read'
  | 'order:manage'
  | 'fulfillment:operate'
  | 'payment:read'
  | 'ledger:read'
  | 'payment:refund'
  | 'aftersales:manage'
  | 'promotion:write'
  | 'review:moderate'
  | 'user:read'
  | 'user:manage'
  | 'role:grant'
  | 'apikey:manage'
  | 'ops:configure'
  | 'audit:read'
  | 'system:read'

export type Role =
  | 'admin'
  | 'catalog'
  | 'support'
  | 'warehouse'
  | 'marketing'
  | 'operator'
  | 'finance'

/** Staff roles; `admin` holds every permission. */
export const roles: readonly Role[] = ['admin', 'catalog', 'support', 'warehouse', 'marketing', 'operator', 'finance']

/** What each permission allows. The words are also the scopes of API keys. */
export const permissions: Record<Permission, string> = {
  'catalog:write': 'create, edit, import and publish products',
  'inventory:read': 'see stock and movements',
  'inventory:adjust': 'change stock and warehouses',
  'inventory:operate': 'reserve, release and commit stock; API keys and services only',
  'order:read': 'see all orders',
  'order:manage': 'cancel, edit and repair orders',
  'fulfillment:operate': 'ship and deliver parcels',
  'payment:read': 'see payments',
  'ledger:read': 'see the ledger',
  'payment:refund': 'refund captured money',
  'aftersales:manage': 'decide after-sales cases',
  'promotion:write': 'write promotions and coupons',
  'review:moderate': 'moderate reviews',
  'user:read': 'list and search users',
  'user:manage': 'freeze users, create staff',
  'role:grant': 'grant and take roles',
  'apikey:manage': 'create and revoke API keys',
  'ops:configure': 'change runtime configuration',
  'audit:read': 'read the audit trail',
  'system:read': 'see system state',
}

export const rolePermissions: Record<Role, readonly Permission[]> = {
  admin: [
    'catalog:write',
    'inventory:read',
    'inventory:adjust',
    'inventory:operate',
    'order:read',
    'order:manage',
    'fulfillment:operate',
    'payment:read',
    'ledger:read',
    'payment:refund',
    'aftersales:manage',
    'promotion:write',
    'review:moderate',
    'user:read',
    'user:manage',
    'role:grant',
    'apikey:manage',
    'ops:configure',
    'audit:read',
    'system:read',
  ],
  catalog: ['catalog:write', 'inventory:read'],
  support: [
    'inventory:read',
    'order:read',
    'order:manage',
    'payment:read',
    'payment:refund',
    'aftersales:manage',
    'review:moderate',
    'user:read',
  ],
  warehouse: ['inventory:read', 'inventory:adjust', 'order:read', 'fulfillment:operate'],
  marketing: ['inventory:read', 'order:read', 'promotion:write', 'review:moderate', 'user:read', 'ops:configure'],
  operator: ['inventory:read', 'order:read', 'order:manage', 'user:read', 'ops:configure', 'audit:read', 'system:read'],
  finance: ['order:read', 'payment:read', 'ledger:read', 'payment:refund'],
}

/** By method name; methods that are not here need none. */
export const methodPermissions: Readonly<Record<string, Permission>> = {
  'catalog.CatalogAdminService/ListAllProducts': 'catalog:write',
  'catalog.CatalogAdminService/GetProductForStaff': 'catalog:write',
  'catalog.CatalogAdminService/CreateProduct': 'catalog:write',
  'catalog.CatalogAdminService/UpdateProduct': 'catalog:write',
  'catalog.CatalogAdminService/PublishProduct': 'catalog:write',
  'catalog.CatalogAdminService/UnpublishProduct': 'catalog:write',
  'catalog.CatalogAdminService/ArchiveProduct': 'catalog:write',
  'catalog.CatalogAdminService/CreateCategory': 'catalog:write',
  'catalog.CatalogAdminService/UpdateCategory': 'catalog:write',
  'catalog.CatalogAdminService/UploadMedia': 'catalog:write',
  'catalog.CatalogAdminService/ImportProducts': 'catalog:write',
  'catalog.CatalogAdminService/ExportProducts': 'catalog:write',
  'catalog.CatalogAdminService/GetJob': 'catalog:write',
  'fulfillment.ShipmentAdminService/ListShipments': 'fulfillment:operate',
  'fulfillment.ShipmentAdminService/ShipShipment': 'fulfillment:operate',
  'fulfillment.ShipmentAdminService/DeliverShipment': 'fulfillment:operate',
  'identity.UserAdminService/ListUsers': 'user:read',
  'identity.UserAdminService/FreezeUser': 'user:manage',
  'identity.UserAdminService/UnfreezeUser': 'user:manage',
  'identity.UserAdminService/CreateStaff': 'role:grant',
  'identity.UserAdminService/SetRoles': 'role:grant',
  'identity.UserAdminService/CreateApiKey': 'apikey:manage',
  'identity.UserAdminService/ListApiKeys': 'apikey:manage',
  'identity.UserAdminService/RevokeApiKey': 'apikey:manage',
  'inventory.InventoryService/ReserveStock': 'inventory:operate',
  'inventory.InventoryService/ReleaseStock': 'inventory:operate',
  'inventory.InventoryService/CommitStock': 'inventory:operate',
  'inventory.InventoryAdminService/GetStock': 'inventory:read',
  'inventory.InventoryAdminService/ListMovements': 'inventory:read',
  'inventory.InventoryAdminService/AdjustStock': 'inventory:adjust',
  'inventory.InventoryAdminService/SetSafetyStock': 'inventory:adjust',
  'inventory.InventoryAdminService/ListWarehouses': 'inventory:read',
  'inventory.InventoryAdminService/CreateWarehouse': 'inventory:adjust',
  'order.OrderAdminService/ListAllOrders': 'order:read',
  'order.OrderAdminService/GetAnyOrder': 'order:read',
  'order.OrderAdminService/CancelAnyOrder': 'order:manage',
  'payment.PaymentAdminService/RefundPayment': 'payment:refund',
  'payment.PaymentAdminService/RecordDeliveryPayment': 'payment:refund',
  'payment.PaymentAdminService/ListAllPayments': 'payment:read',
  'payment.PaymentAdminService/ListPaymentCases': 'payment:read',
  'payment.PaymentAdminService/ListLedgerEntries': 'ledger:read',
}

import type { Application, OptionalClaim } from './application.ts'

/** One of Microsoft's own resources, known in every tenant. */
interface FirstParty {
  readonly name: string
  readonly appId: string
  readonly identifierUris: readonly string[]
  readonly optionalClaims?: readonly OptionalClaim[]
}

/**
 * Entra: app ids as published or seen in tokens. All of these take version 1.0 tokens; the claims that Graph and ARM
 * tokens add are from decoded samples.
 */
const table: readonly FirstParty[] = [
  {
    name: 'Microsoft Graph',
    appId: '00000003-0000-0000-c000-000000000000',
    identifierUris: ['https://graph.microsoft.com'],
    optionalClaims: ['app_displayname', 'idtyp', 'tenant_region_scope', 'wids', 'xms_cc', 'xms_tcdt'],
  },
  {
    name: 'Windows Azure Active Directory',
    appId: '00000002-0000-0000-c000-000000000000',
    identifierUris: ['https://graph.windows.net'],
  },
  {
    name: 'Windows Azure Service Management API',
    appId: '797f4846-ba00-4fd7-ba43-dac1f8f63013',
    identifierUris: ['https://management.azure.com', 'https://management.core.windows.net'],
    optionalClaims: ['idtyp', 'xms_tcdt'],
  },
  {
    name: 'Azure Key Vault',
    appId: 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093',
    identifierUris: ['https://vault.azure.net'],
  },
  {
    name: 'Azure Storage',
    appId: 'e406a681-f3d4-42a8-90b6-c2b029497af1',
    identifierUris: ['https://storage.azure.com'],
  },
  {
    name: 'Azure SQL Database',
    appId: '022907d3-0f1b-48f7-badc-1ba6abab6d66',
    identifierUris: ['https://database.windows.net'],
  },
  {
    name: 'Microsoft.ServiceBus',
    appId: '80a10ef9-8168-493d-abf9-3297c4ef6e3c',
    identifierUris: ['https://servicebus.azure.net'],
  },
  {
    name: 'Microsoft Cognitive Services',
    appId: '7d312290-28c8-473c-a0ed-8e53749b6d6d',
    identifierUris: ['https://cognitiveservices.azure.com'],
  },
  {
    name: 'Office 365 Exchange Online',
    appId: '00000002-0000-0ff1-ce00-000000000000',
    identifierUris: ['https://outlook.office365.com', 'https://outlook.office.com'],
  },
  {
    name: 'Office 365 SharePoint Online',
    appId: '00000003-0000-0ff1-ce00-000000000000',
    identifierUris: ['https://microsoft.sharepoint-df.com'],
  },
  {
    name: 'Azure DevOps',
    appId: '499b84ac-1321-427f-aa17-267ca6975798',
    identifierUris: ['https://app.vssps.visualstudio.com'],
  },
]

/** Microsoft's own resources as applications. */
export const firstPartyApplications: readonly Application[] = table.map((row) => ({
  ...row,
  objectId: row.appId,
  homeTenantId: undefined,
  accessTokenVersion: 1,
  appRoles: undefined,
  optionalClaims: row.optionalClaims ?? [],
  multiTenant: true,
  publicClient: false,
  certificates: [],
  removedCertificates: [],
  secrets: [],
  trustedSubjects: [],
  createdAt: 0,
  owners: [],
  manifest: {},
}))

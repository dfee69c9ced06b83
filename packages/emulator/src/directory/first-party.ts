import type { NewApp } from './app.ts'

/** Microsoft's own resources, present in every tenant. All of them take v1 tokens. Entra: app ids from public tables. */
export const firstPartyApps: readonly NewApp[] = [
  resource(
    'Microsoft Graph',
    '00000003-0000-0000-c000-000000000000',
    ['https://graph.microsoft.com'],
    [
      'Application.Read.All',
      'Application.ReadWrite.All',
      'Application.ReadWrite.OwnedBy',
      'Directory.Read.All',
      'User.Read.All',
    ],
  ),
  resource('Windows Azure Service Management API', '797f4846-ba00-4fd7-ba43-dac1f8f63013', [
    'https://management.azure.com',
    'https://management.core.windows.net/',
  ]),
  resource('Azure Key Vault', 'cfa8b339-82a2-471a-a3c9-0fc0be7a4093', ['https://vault.azure.net']),
  resource('Azure Storage', 'e406a681-f3d4-42a8-90b6-c2b029497af1', ['https://storage.azure.com']),
  resource('Azure DevOps', '499b84ac-1321-427f-aa17-267ca6975798', ['https://app.vssps.visualstudio.com']),
  resource('Office 365 Exchange Online', '00000002-0000-0ff1-ce00-000000000000', [
    'https://outlook.office365.com',
  ]),
  resource('Office 365 SharePoint Online', '00000003-0000-0ff1-ce00-000000000000', [
    'https://microsoft.sharepoint-df.com',
  ]),
]

function resource(name: string, appId: string, identifierUris: string[], appRoles: string[] = []): NewApp {
  return { name, appId, identifierUris, appRoles, accessTokenVersion: 1 }
}

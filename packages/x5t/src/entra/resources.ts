/** Hosts whose tokens carry another audience than their own origin, by suffix. Entra: data-plane documentation of each service. */
const resourceBySuffix: readonly (readonly [suffix: string, resource: string])[] = [
  ['.vault.azure.net', 'https://vault.azure.net'],
  ['.vault.usgovcloudapi.net', 'https://vault.usgovcloudapi.net'],
  ['.vault.azure.cn', 'https://vault.azure.cn'],
  ['.managedhsm.azure.net', 'https://managedhsm.azure.net'],
  // Their own ends with a slash, and stands before the storage of the same cloud.
  ['.management.core.windows.net', 'https://management.core.windows.net/'],
  ['.management.core.usgovcloudapi.net', 'https://management.core.usgovcloudapi.net/'],
  ['.management.core.chinacloudapi.cn', 'https://management.core.chinacloudapi.cn/'],
  ['.core.windows.net', 'https://storage.azure.com'],
  ['.core.usgovcloudapi.net', 'https://storage.azure.com'],
  ['.core.chinacloudapi.cn', 'https://storage.azure.com'],
]

/** The scope of the API at `url`: the resource its service is known by, else the address's own origin. */
export function scopeOf(url: URL): string {
  const known = resourceBySuffix.find(([suffix]) => `.${url.hostname}`.endsWith(suffix))
  return `${known?.[1] ?? url.origin}/.default`
}

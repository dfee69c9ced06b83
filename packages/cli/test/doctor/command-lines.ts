/** Command lines that do their work where `x5t.json` names what works. */
export const token = 'token --no-cache'
export const call = 'call https://localhost:1/ --no-cache'
export const verify = 'verify --any-client --audience x'
export const clients = [token, call]
export const emulator = [
  'emulator status',
  'emulator app add x',
  'emulator app list',
  'emulator cert add other.crt',
  'emulator cert list',
  'emulator cert remove c0ffee00-0000-4000-8000-000000000000',
  'emulator role grant Cars.Read --resource c0ffee00-0000-4000-8000-000000000000',
  'emulator weather add html',
  'emulator weather list',
  'emulator weather clear --all',
  'emulator clock show',
  'emulator clock advance PT1S',
  'emulator clock set 2026-01-01T00:00:00Z',
  'emulator clock reset',
  'emulator keys roll',
]
export const ofConfiguration = ['cert export --out k.pem', 'cert test', 'cert due', 'cert show']
export const configured = ['config show', ...clients, verify, ...ofConfiguration, ...emulator]
export const ofFile = [...clients, ...ofConfiguration]
export const ofKey = [...clients, 'cert test']
export const init = 'init --tenant contoso.com --client-id 6731de76-14a6-49ae-97bc-6eba6914391e'

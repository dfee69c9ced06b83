import { encode, sign, signParts, v2Claims } from '../issuer.ts'
import { all, type Case, claimsText, good, header, keys, payload, signature } from './corpus.ts'

/** Signed as they stand, so that nothing but their form is wrong. */
const withPayload = (text: string) => signParts(keys.good, header, text)
const withHeader = (text: string) => signParts(keys.good, text, payload)
const withClaims = (text: string) => sign(keys.good, text)
const middle = Math.floor(payload.length / 2)
const into = (text: string, what: string, at = middle) => `${text.slice(0, at)}${what}${text.slice(at)}`
/** The last character with spare bits set, for a length that has some. */
const spared = (text: string) =>
  `${text.slice(0, -1)}${String.fromCharCode(text.charCodeAt(text.length - 1) + 1)}`
/** Claims whose text has `rest` characters after the last group of four, so with spare bits. */
const claimsOfRest = (rest: number) => {
  const notes = ['', 'x', 'xx', 'xxx'].map((note) => encode(v2Claims({ note })))
  return notes.find((text) => text.length % 4 === rest) ?? ''
}
/** The good claims with bytes whose base64 has characters of the other alphabet. */
const slashed = encode(v2Claims({ note: '??>>~~??>>' }))
const otherAlphabet = slashed.replaceAll('-', '+').replaceAll('_', '/')
const general = JSON.stringify({ payload, signatures: [{ protected: header, signature }] })

export const forgedForm: readonly Case[] = all('ERR_TOKEN_MALFORMED', 401, {
  'a line feed at the end': `${good}\n`,
  'a carriage return at the end': `${good}\r\n`,
  'a space at the end': `${good} `,
  'a tab at the end': `${good}\t`,
  'a NUL at the end': `${good}\0`,
  'a dot at the end': `${good}.`,
  'a dot before': `.${good}`,
  'a line feed in its signature': `${header}.${payload}.${into(signature, '\n', 64)}`,
  'a space in its signature': `${header}.${payload}.${into(signature, ' ', 64)}`,
  'padding after its signature': `${good}==`,
  'one sign of padding after its signature': `${good}=`,
  'spare bits set in its signature': spared(good),
  'a lone character at the end': `${good}AAA`,
  'a character that is no base64 in its signature': `${header}.${payload}.${into(signature, '!', 64)}`,
  'a character beyond Latin-1 in its signature': `${header}.${payload}.${into(signature, '\u0141', 64)}`,
  'a fullwidth letter for the last': `${good.slice(0, -1)}Ａ`,
  'padding after its claims': withPayload(`${claimsOfRest(2)}==`),
  'padding after claims that need none': withPayload(`${claimsOfRest(0)}====`),
  'a space in its claims': withPayload(into(payload, ' ')),
  'a line feed in its claims': withPayload(into(payload, '\n')),
  'a line feed after its claims': withPayload(`${payload}\n`),
  'the other alphabet in its claims': withPayload(otherAlphabet),
  'spare bits set in its claims': withPayload(spared(claimsOfRest(2))),
  'other spare bits set in its claims': withPayload(spared(claimsOfRest(3))),
  'a character that is no base64 in its claims': withPayload(into(payload, '*')),
  'a quoted-printable break in its claims': withPayload(into(payload, '=\r\n')),
  'percent signs in its claims': withPayload(payload.replace('e', '%65')),
  'padding after its header': withHeader(`${encode('{"alg":"RS256","kid":"key-1"} ')}=`),
  'a space in its header': withHeader(into(header, ' ', 8)),
  'a line feed before its header': withHeader(`\n${header}`),
  'spare bits set in its header': withHeader(spared(encode('{"alg":"RS256","kid":"key-1" }'))),
  'no header': `.${payload}.${signature}`,
  'no claims': `${header}..${signature}`,
  'one part': header,
  'two parts': `${header}.${payload}`,
  'two parts, signed': good.replace('.', ''),
  'four parts': `${good}.${signature}`,
  'five parts': `${header}.${payload}.${payload}.${payload}.${signature}`,
  'two dots between its parts': good.replace('.', '..'),
  'dots alone': '..',
  'JSON serialization': general,
  'flattened JSON serialization': JSON.stringify({ payload, protected: header, signature }),
  'a quotation mark around it': `"${good}"`,
  'the scheme in it': `Bearer ${good}`,
  'another token after a comma': `${good},${good}`,
  'disclosures after it': `${good}~WyJzIl0~`,
  'a token as payload': sign(keys.good, good, { cty: 'JWT' }),
  'a token as text as payload': withClaims(JSON.stringify(good)),
  'claims that are a list': withClaims(JSON.stringify([v2Claims()])),
  'claims that are text': withClaims('"claims"'),
  'claims that are a number': withClaims('1'),
  'claims that are null': withClaims('null'),
  'claims that are true': withClaims('true'),
  'claims that are no JSON': withClaims('aud=cars'),
  'claims cut short': withClaims(claimsText().slice(0, -1)),
  'claims with a comma at the end': withClaims(claimsText().replace(/\}$/, ',}')),
  'claims with a comment': withClaims(claimsText('/**/')),
  'claims and more after them': withClaims(`${claimsText()}{}`),
  'a byte order mark before its claims': withClaims(`\ufeff${claimsText()}`),
  'a NUL before its claims': withClaims(`\0${claimsText()}`),
  'claims that are not UTF-8': withPayload(
    Buffer.from(claimsText('"note":"\xff",'), 'latin1').toString('base64url'),
  ),
  'a surrogate in UTF-8': withPayload(
    Buffer.from(claimsText('"note":"\xed\xa0\x80",'), 'latin1').toString('base64url'),
  ),
  'an overlong slash in UTF-8': withPayload(
    Buffer.from(claimsText('"note":"\xc0\xaf",'), 'latin1').toString('base64url'),
  ),
  'claims in UTF-16': withPayload(Buffer.from(claimsText(), 'utf16le').toString('base64url')),
  'aud twice': withClaims(claimsText('"aud":"x",')),
  'roles twice': withClaims(claimsText('"roles":["Admin"],')),
  'exp twice, once escaped': withClaims(claimsText('"\\u0065xp":1,')),
  'a member twice within a claim': withClaims(claimsText('"x":{"y":1,"y":1},')),
  'a member twice, with space before the colon': withClaims(claimsText('"iss" : "x",')),
  'a member named __proto__ twice': withClaims(claimsText('"__proto__":1,"__proto__":2,')),
  'claims that are nested deeply': withClaims(claimsText(`"x":${'['.repeat(99)}${']'.repeat(99)},`)),
  'objects that are nested deeply': withClaims(claimsText(`"x":${'{"a":'.repeat(99)}1${'}'.repeat(99)},`)),
  'a huge claim': sign(keys.good, v2Claims({ x: 'x'.repeat(20_000) })),
  'a huge header': sign(keys.good, v2Claims(), { x: 'x'.repeat(20_000) }),
})

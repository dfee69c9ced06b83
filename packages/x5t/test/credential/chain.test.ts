import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { loadCertificate } from '../../src/credential/load-certificate.ts'
import { loadCredential } from '../../src/credential/load-credential.ts'
import { issueChain } from '../support/issued.ts'
import { folder, openssl, skipWithoutOpenssl } from '../support/openssl.ts'
import { exportPfx } from '../support/pfx.ts'
import { countTurns } from '../support/turns.ts'

describe('a chain by OpenSSL', skipWithoutOpenssl, () => {
  let issued: ReturnType<typeof issueChain>
  let expected: { leaf: string; chain: Buffer[] }
  before(() => {
    issued = issueChain()
    const { leaf, intermediate, root } = issued.pem
    expected = { leaf, chain: [intermediate, root].map((pem) => new X509Certificate(pem).raw) }
  })

  test('the leaf is the certificate of the key and the chain follows it, in whatever order they come', async () => {
    const { key, leaf, intermediate, root } = issued.pem
    const order = fc.shuffledSubarray([key, leaf, intermediate, root], { minLength: 4 })
    await fc.assert(
      fc.asyncProperty(order, async (parts) => {
        const { certificate } = await loadCredential({ pem: parts.join('') })
        assert.equal(certificate.pem, new X509Certificate(expected.leaf).toString())
        assert.deepEqual(certificate.chain, expected.chain)
        assert.deepEqual(await loadCertificate({ pem: parts.join('') }), certificate)
      }),
      { numRuns: 24 },
    )
  })

  test('a certificate that issued nothing here is no part of the chain', async () => {
    const { key, leaf, root } = issued.pem
    assert.deepEqual((await loadCredential({ pem: key + root + leaf })).certificate.chain, [])
  })

  test('a chain ends at its root, though another root has signed for it and came along', async () => {
    const other = ['-keyout', 'other.key', '-out', 'other.pem', '-subj', '/CN=other']
    openssl('req', '-x509', '-newkey', 'rsa:2048', '-noenc', ...other)
    const request = ['-key', 'root.key', '-subj', '/O=Contoso/CN=root', '-out', 'root.csr']
    openssl('req', '-new', ...request)
    const by = ['-CA', 'other.pem', '-CAkey', 'other.key', '-out', 'crossed.pem']
    openssl('x509', '-req', '-in', 'root.csr', ...by)
    const { leaf, intermediate, root } = issued.files
    const crossed = [folder.path('crossed.pem'), folder.path('other.pem')]
    const { chain } = await loadCertificate({ path: [leaf, intermediate, root, ...crossed] })
    assert.deepEqual(chain, expected.chain)
  })

  test('certificates alone are ambiguous when none issued the other', async () => {
    openssl(
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-noenc',
      '-keyout',
      'x.key',
      '-out',
      'x.pem',
      '-subj',
      '/CN=x',
    )
    await assert.rejects(loadCertificate({ path: [issued.files.leaf, folder.path('x.pem')] }), {
      code: 'ERR_CERT_AMBIGUOUS',
    })
  })

  test('others have their turn while namesakes are tried against each other', async () => {
    const config = folder.write('plain.cnf', '[req]\ndistinguished_name = name\n[name]\n')
    const paths = ['1', '2', '3', '4'].map((name) => {
      const files = ['-keyout', 'namesake.key', '-out', `${name}.pem`, '-config', config]
      openssl('req', '-x509', '-newkey', 'rsa:2048', '-noenc', '-subj', '/CN=namesake', ...files)
      return folder.path(`${name}.pem`)
    })
    const pem = paths.map((path) => readFileSync(path, 'utf8')).join('')
    const turns = await countTurns(() =>
      assert.rejects(loadCertificate({ pem }), { code: 'ERR_CERT_AMBIGUOUS' }),
    )
    assert.ok(turns >= 12, `${turns} turns for twelve signatures`)
  })

  test('of two issuers with one name it is the one that signed', async () => {
    const config = folder.write('plain.cnf', '[req]\ndistinguished_name = name\n[name]\n')
    const plain = ['-newkey', 'rsa:2048', '-noenc', '-config', config]
    for (const name of ['signer', 'twin']) {
      openssl('req', '-x509', ...plain, '-subj', '/CN=ca', '-keyout', `${name}.key`, '-out', `${name}.pem`)
    }
    openssl('req', ...plain, '-subj', '/CN=app', '-keyout', 'app.key', '-out', 'app.csr')
    openssl('x509', '-req', '-in', 'app.csr', '-CA', 'signer.pem', '-CAkey', 'signer.key', '-out', 'app.pem')
    const { raw } = new X509Certificate(readFileSync(folder.path('signer.pem')))
    for (const order of [
      ['twin', 'signer'],
      ['signer', 'twin'],
    ]) {
      const path = ['app', ...order].map((name) => folder.path(`${name}.pem`))
      const { certificate } = await loadCredential({ path: [folder.path('app.key'), ...path] })
      assert.deepEqual(certificate.chain, [raw])
    }
  })

  test('dates and subject are those that OpenSSL prints', async () => {
    const path = issued.files.leaf
    const print = (option: string) =>
      openssl('x509', '-in', path, '-noout', option).trim().replace(/^\w+=/, '')
    const { notBefore, notAfter, subject } = await loadCertificate({ path })
    assert.equal(notBefore, Date.parse(print('-startdate')))
    assert.equal(notAfter, Date.parse(print('-enddate')))
    assert.equal(subject, print('-subject').replaceAll(' = ', '='))
  })

  test('a certificate without a subject has an empty one', async () => {
    const options = ['-noenc', '-keyout', 'n.key', '-out', 'n.pem', '-subj', '/', '-days', '30']
    openssl('req', '-x509', '-newkey', 'rsa:2048', ...options)
    assert.equal((await loadCertificate({ path: folder.path('n.pem') })).subject, '')
  })

  test('a name longer than anybody reads is cut in messages, and whole in the result', async () => {
    const options = ['-noenc', '-keyout', 'l.key', '-out', 'l.pem', '-days', '30']
    openssl('req', '-x509', '-newkey', 'rsa:2048', ...options, '-subj', '/O=long'.repeat(60))
    const paths = [folder.path('l.key'), folder.path('l.pem')]
    const now = () => Date.now() + 31 * 86_400_000
    const { certificate, warnings } = await loadCredential({ path: paths, now })
    assert.ok(certificate.subject.length > 400)
    assert.ok((warnings[0]?.length ?? 0) < 300, warnings[0])
    await assert.rejects(loadCertificate({ path: [...paths, issued.files.leaf] }), ({ message }: Error) => {
      assert.match(message, /O=long.*…, expires/)
      return message.length < 600
    })
  })

  test('a PFX gives key, leaf and chain, from a file, as bytes and as base64', async () => {
    const pfx = exportPfx(issued.files, 'secret')
    const path = folder.write('all.pfx', pfx)
    for (const source of [
      { path },
      { pfx },
      { pfx: pfx.toString('base64') },
      { pem: pfx.toString('base64') },
    ]) {
      const { certificate } = await loadCredential({ ...source, passphrase: 'secret' })
      assert.equal(certificate.subject, 'O=Contoso, CN=leaf')
      assert.deepEqual(certificate.chain, expected.chain.slice(0, 1))
    }
  })

  test('a trusted certificate with its uses behind it loads', async () => {
    openssl('x509', '-in', issued.files.leaf, '-trustout', '-addtrust', 'clientAuth', '-out', 'trusted.pem')
    const certificate = await loadCertificate({ path: folder.path('trusted.pem') })
    assert.equal(certificate.pem, new X509Certificate(expected.leaf).toString())
  })
})

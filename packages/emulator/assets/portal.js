// Live requests and copy buttons. Everything else works without this file.

const announceEveryMs = 2000

for (const block of document.querySelectorAll('[data-copy]')) {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = 'quiet'
  button.textContent = 'Copy'
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(block.querySelector('pre').textContent)
    button.textContent = 'Copied'
    setTimeout(() => {
      button.textContent = 'Copy'
    }, 1500)
  })
  block.append(button)
}

const table = document.querySelector('[data-live]')
if (table !== null) follow(table)

/** Puts new requests on top of the table as they come. */
function follow(table) {
  const rows = table.querySelector('tbody')
  const template = document.querySelector('#request-row')
  const connection = document.querySelector('#connection')
  const url = new URL(table.dataset.live, location.href)
  const announce = announcer(document.querySelector('#announcement'))
  let source
  let last = table.dataset.last

  function open() {
    url.searchParams.set('after', last)
    source = new EventSource(url)
    source.onopen = () => say('live')
    source.onerror = () => say('not connected, trying again')
    source.addEventListener('request', ({ data, lastEventId }) => {
      const request = JSON.parse(data)
      last = lastEventId
      rows.prepend(filled(template, request))
      document.querySelector('#no-requests')?.remove()
      while (rows.rows.length > Number(table.dataset.most)) rows.lastElementChild.remove()
      announce(request)
    })
  }

  function say(word) {
    connection.textContent = word
  }

  // A browser has few connections to one host; a page that nobody sees needs none.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      source.close()
      say('paused')
    } else open()
  })
  open()
}

/** The row of a request: the server's own markup, filled in as text. */
function filled(template, request) {
  const row = template.content.firstElementChild.cloneNode(true)
  const { number, receivedAt, endpoint, appName, clientId, result, aadsts, thumbprint, elapsedMs } = request
  const link = row.querySelector('a')
  link.href = `${link.getAttribute('href')}${number}`
  const texts = {
    time: receivedAt.slice(11, 23),
    endpoint,
    app: appName ?? clientId ?? 'not named',
    aadsts: aadsts ?? '–',
    thumbprint: thumbprint === undefined ? '–' : `${thumbprint.slice(0, 10)}…`,
    ms: elapsedMs.toFixed(1),
  }
  for (const [name, text] of Object.entries(texts)) {
    row.querySelector(`[data-fill="${name}"]`).textContent = text
  }
  for (const state of row.querySelectorAll('[data-result]')) {
    if (state.dataset.result !== result) state.remove()
  }
  row.classList.add('fresh')
  return row
}

/** Tells a screen reader of new requests, at most once in two seconds. */
function announcer(region) {
  let waiting = 0
  let latest
  let timer
  function speak() {
    timer = undefined
    if (waiting === 0) return
    const count = waiting === 1 ? 'One new request' : `${waiting} new requests`
    const outcome =
      latest.aadsts === undefined ? latest.result : `${latest.result} with AADSTS${latest.aadsts}`
    region.textContent = `${count}, the latest ${outcome}`
    waiting = 0
    timer = setTimeout(speak, announceEveryMs)
  }
  return (request) => {
    waiting += 1
    latest = request
    if (timer === undefined) speak()
  }
}

/**
 * Preloaded into Node clients that insist on public host names: X5T_HOSTS, `host=port,…`, leads connections to ports of
 * this machine, and every other name but localhost to nowhere. Sockets only: TLS, and the client, stay as they are.
 */
const { Socket } = require('node:net')

const ports = new Map((process.env.X5T_HOSTS ?? '').split(',').map((pair) => pair.split('=')))
const { connect } = Socket.prototype

Socket.prototype.connect = function mapped(...given) {
  const args = Array.isArray(given[0]) ? given[0] : given
  const [options] = args
  if (typeof options === 'object' && options !== null && options.port !== undefined) {
    const { host = 'localhost' } = options
    const port = ports.get(host)
    if (port !== undefined) args[0] = { ...options, host: '127.0.0.1', port: Number(port) }
    else if (!['localhost', '127.0.0.1', '::1'].includes(host)) {
      process.nextTick(() => this.destroy(new Error(`${host} is not on this machine`)))
      return this
    }
  }
  return connect.apply(this, given)
}

// npm's ws: sends what it reads from its input, line by line, and writes what comes, until one side closes.

import { createInterface } from 'node:readline'
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import WebSocket from 'ws'

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    protocol: { type: 'string', default: 'telemetryhub.v1' },
    ca: { type: 'string' }
  }
})
const socket = new WebSocket(values.url, values.protocol, { ca: values.ca && readFileSync(values.ca) })
socket.on('open', () => console.log(`open ${socket.protocol}`))
socket.on('message', (data, isBinary) => console.log(isBinary ? data.toString('hex') : data.toString().trimEnd()))
socket.on('unexpected-response', (_, response) => {
  console.log(`refused ${response.statusCode}`)
  process.exit()
})
socket.on('close', (code, reason) => {
  console.log(`closed ${code} ${reason}`)
  process.exit()
})
createInterface({ input: process.stdin }).on('line', line => socket.send(line)).on('close', () => socket.close(1000))

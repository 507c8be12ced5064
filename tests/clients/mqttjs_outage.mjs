// The broker goes down while messages are on their way in both directions, as often as the test likes: a line "flowing" asks for it,
// a line from the test says that it is back. Nothing is lost; with QoS 2 nothing comes twice.

import { createInterface } from 'node:readline'
import { Peer, args, assert, run } from './hub_mqttjs.mjs'

const topic = `mqttjs/outage/${args.run}`
const OUTAGES = 3
const PART = 600
const WINDOW = 40

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()

run(async () => {
  const session = { clean: false, ...(args.version === 5 && { properties: { sessionExpiryInterval: 600 } }) }
  const publisher = await connect('pub', session)
  const subscriber = await connect('sub', session)
  await subscriber.subscribe(topic, { qos: args.qos })

  const received = []
  for (let part = 0; part < OUTAGES; part++) {
    const publishing = publishAll(publisher, part * PART, (part + 1) * PART)
    received.push(...await subscriber.take(PART / 3))
    const back = Promise.all([publisher.connected(), subscriber.connected()])
    console.log('flowing')
    await lines.next()
    for (const { sessionPresent } of await back) assert.equal(sessionPresent, true)
    await publishing
  }

  await publisher.publish(topic, 'end', { qos: args.qos })
  while (received.at(-1).text !== 'end') received.push(await subscriber.next())
  const numbers = received.slice(0, -1).map(({ text }) => Number(text))
  const expected = Array.from({ length: OUTAGES * PART }, (_, number) => number)
  // What mqtt.js sends again after a reconnect may come after newer messages.
  if (args.qos === 2) assert.deepEqual(numbers.toSorted((one, other) => one - other), expected)
  else assert.deepEqual([...new Set(numbers)].sort((one, other) => one - other), expected)
})

// A client for which it is no error that the broker is down.
async function connect (name, session) {
  const peer = await Peer.connect(name, session)
  peer.client.removeAllListeners('error')
  peer.client.on('error', error => assert.ok(['ECONNREFUSED', 'ECONNRESET', 'EPIPE'].includes(error.code), `${error}`))
  return peer
}

async function publishAll (publisher, from, to) {
  let next = from
  const one = async () => {
    while (next < to) await publisher.publish(topic, `${next++}`, { qos: args.qos })
  }
  await Promise.all(Array.from({ length: WINDOW }, one))
}

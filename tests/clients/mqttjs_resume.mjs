// Connections that break while messages are in flight: the session is there again and nothing is lost.

import { Peer, args, assert, run } from './hub_mqttjs.mjs'

const topic = `mqttjs/resume/${args.run}`
const COUNT = 900
const BREAKS = 3

run(async () => {
  const session = { clean: false, ...(args.version === 5 && { properties: { sessionExpiryInterval: 600 } }) }
  const publisher = await Peer.connect('pub', session)
  const subscriber = await Peer.connect('sub', session)
  assert.ok(!publisher.connack.sessionPresent)
  await subscriber.subscribe(topic, { qos: args.qos })

  const received = []
  for (let part = 0; part < BREAKS; part++) {
    const acknowledged = []
    for (let number = part * COUNT / BREAKS; number < (part + 1) * COUNT / BREAKS; number++) {
      acknowledged.push(publisher.publish(topic, `${number}`, { qos: args.qos }))
    }
    received.push(...await subscriber.take(30))
    for (const peer of [publisher, subscriber]) {
      const back = peer.connected()
      peer.cut()
      const { sessionPresent } = await back
      if (args.version > 3) assert.equal(sessionPresent, true) // MQTT 3.1 has no such flag
    }
    await Promise.all(acknowledged)
  }

  await publisher.publish(topic, 'end', { qos: args.qos })
  while (received.at(-1).text !== 'end') received.push(await subscriber.next())
  const numbers = received.slice(0, -1).map(({ text }) => Number(text))
  const expected = Array.from({ length: COUNT }, (_, number) => number)
  // QoS 1 may deliver again what was in flight; QoS 2 may not.
  if (args.qos === 2) assert.deepEqual(numbers.toSorted((one, other) => one - other), expected)
  else assert.deepEqual([...new Set(numbers)].sort((one, other) => one - other), expected)
})

// 10,000 messages: none is missing, none comes twice, in order.

import { Peer, args, assert, run } from './hub_mqttjs.mjs'

const topic = `mqttjs/many/${args.run}`
const COUNT = 10_000
const WINDOW = 500

run(async () => {
  const publisher = await Peer.connect('pub')
  const subscriber = await Peer.connect('sub')
  await subscriber.subscribe(topic, { qos: args.qos })

  // mqtt.js sends everything at once and does not look at the receive maximum of the other side (MQTT 5 §4.9).
  const publishing = (async () => {
    for (let number = 0; number < COUNT; number += WINDOW) {
      await Promise.all(range(number, number + WINDOW).map(at => publisher.publish(topic, `${at}`, { qos: args.qos })))
    }
  })()
  const received = await subscriber.take(COUNT)
  await publishing
  await publisher.publish(topic, 'end', { qos: args.qos })
  received.push(await subscriber.next())

  received.forEach(({ text }, at) => assert.equal(text, at === COUNT ? 'end' : `${at}`))
})

function range (from, to) { return Array.from({ length: to - from }, (_, at) => from + at) }

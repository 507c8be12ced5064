// Every QoS, retained messages, wildcards, large and empty payloads, unsubscribing.

import { Peer, args, assert, run } from './hub_mqttjs.mjs'

const root = `mqttjs/delivery/${args.run}`

run(async () => {
  const publisher = await Peer.connect('pub')
  const subscriber = await Peer.connect('sub')

  for (const granted of [0, 1, 2]) {
    const [{ qos: answer }] = await subscriber.subscribe(`${root}/+/temp`, { qos: granted })
    assert.equal(answer, granted)
    for (const qos of [0, 1, 2]) {
      await publisher.publish(`${root}/device/temp`, `${qos} of ${granted}`, { qos })
      const message = await subscriber.next()
      assert.equal(message.text, `${qos} of ${granted}`)
      assert.equal(message.topic, `${root}/device/temp`)
      assert.equal(message.qos, Math.min(qos, granted))
      assert.equal(message.retain, false)
    }
  }

  const large = Buffer.alloc(200_000, 'large payload ')
  await publisher.publish(`${root}/large/temp`, large, { qos: 2 })
  assert.ok((await subscriber.next()).payload.equals(large))
  await publisher.publish(`${root}//temp`, '', { qos: 1 })
  assert.equal((await subscriber.next()).payload.length, 0)

  await subscriber.unsubscribe(`${root}/+/temp`)
  await publisher.publish(`${root}/device/temp`, 'nobody listens', { qos: 1 })
  await publisher.publish(`${root}/ünï/cödé`, 'kept', { qos: 1, retain: true })
  await subscriber.subscribe(`${root}/#`, { qos: 1 })
  const kept = await subscriber.next()
  assert.deepEqual([kept.topic, kept.text, kept.retain], [`${root}/ünï/cödé`, 'kept', true])

  await publisher.publish(`${root}/ünï/cödé`, '', { qos: 1, retain: true })
  await subscriber.next()
  const late = await Peer.connect('late')
  await late.subscribe(`${root}/#`, { qos: 1 })
  await publisher.publish(`${root}/live`, 'live', { qos: 1 })
  assert.equal((await late.next()).text, 'live', 'the retained message was cleared')
})

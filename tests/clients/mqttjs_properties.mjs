// MQTT 5: properties, subscription options, subscription identifiers, topic aliases.

import { Peer, args, assert, run } from './hub_mqttjs.mjs'

const root = `mqttjs/properties/${args.run}`

run(async () => {
  const publisher = await Peer.connect('pub', { autoAssignTopicAlias: true, properties: { requestResponseInformation: true } })
  const subscriber = await Peer.connect('sub', { properties: { topicAliasMaximum: 3 } })

  await messageProperties(publisher, subscriber)
  await topicAliases(publisher, subscriber)
  await noLocal(publisher)
  await retainOptions(publisher, subscriber)
  await identifiers(publisher, subscriber)
})

async function messageProperties (publisher, subscriber) {
  await subscriber.subscribe(`${root}/all`, { qos: 1 })
  await publisher.publish(`${root}/all`, 'payload', {
    qos: 1,
    properties: {
      payloadFormatIndicator: true,
      messageExpiryInterval: 100,
      contentType: 'text/plain',
      responseTopic: `${root}/answer`,
      correlationData: Buffer.from([0, 1, 255]),
      userProperties: { a: '1', b: ['2', '3'] }
    }
  })
  const { properties } = await subscriber.next()
  assert.equal(properties.payloadFormatIndicator, true)
  assert.ok(properties.messageExpiryInterval >= 90 && properties.messageExpiryInterval <= 100)
  assert.equal(properties.contentType, 'text/plain')
  assert.equal(properties.responseTopic, `${root}/answer`)
  assert.ok(properties.correlationData.equals(Buffer.from([0, 1, 255])))
  assert.deepEqual({ ...properties.userProperties }, { a: '1', b: ['2', '3'] })
}

// mqtt.js sets and uses aliases by itself when publishing, and resolves those that the hub uses.
async function topicAliases (publisher, subscriber) {
  await subscriber.subscribe(`${root}/alias/+`, { qos: 1 })
  const sent = []
  for (let number = 0; number < 60; number++) {
    const topic = `${root}/alias/${number % 12}`
    await publisher.publish(topic, `${number}`, { qos: number % 2 })
    sent.push(`${topic} ${number}`)
  }
  const received = (await subscriber.take(sent.length)).map(({ topic, text }) => `${topic} ${text}`)
  assert.deepEqual(received.sort(), sent.sort())
}

async function noLocal (publisher) {
  await publisher.subscribe(`${root}/chat`, { qos: 1, nl: true })
  const other = await Peer.connect('other')
  await publisher.publish(`${root}/chat`, 'mine', { qos: 1 })
  await other.publish(`${root}/chat`, 'theirs', { qos: 1 })
  assert.equal((await publisher.next()).text, 'theirs')
}

// mqtt.js does not repeat a subscription that it has: these are new ones.
async function retainOptions (publisher, subscriber) {
  const topic = `${root}/kept`
  await publisher.publish(topic, 'kept', { qos: 1, retain: true })
  for (const [rh, greeted] of [[0, true], [1, true], [2, false]]) {
    await subscriber.subscribe(topic, { qos: 1, rh, rap: true })
    if (greeted) assert.deepEqual(brief(await subscriber.next()), ['kept', true])
    await publisher.publish(topic, 'live', { qos: 1 })
    assert.deepEqual(brief(await subscriber.next()), ['live', false], `retain handling ${rh}`)
    await publisher.publish(topic, 'kept', { qos: 1, retain: true })
    assert.deepEqual(brief(await subscriber.next()), ['kept', true], 'retain as published')
    await subscriber.unsubscribe(topic)
  }
}

function brief ({ text, retain }) { return [text, retain] }

async function identifiers (publisher, subscriber) {
  await subscriber.subscribe(`${root}/id/#`, { qos: 1, properties: { subscriptionIdentifier: 77 } })
  await publisher.publish(`${root}/id/x`, 'payload', { qos: 1 })
  assert.equal((await subscriber.next()).properties.subscriptionIdentifier, 77)
}

// Wills: published when a client vanishes, with their properties; not after a goodbye.

import { Peer, args, assert, run } from './hub_mqttjs.mjs'

const root = `mqttjs/will/${args.run}`

run(async () => {
  const watcher = await Peer.connect('watcher')
  await watcher.subscribe(`${root}/#`, { qos: 2 })

  const will = { topic: `${root}/lost`, payload: 'lost', qos: 2, retain: true }
  if (args.version === 5) will.properties = { contentType: 'text/plain', userProperties: { device: 'seven' } }
  const device = await Peer.connect('device', { will })
  device.vanish()
  const message = await watcher.next()
  assert.deepEqual([message.topic, message.text, message.qos, message.retain], [`${root}/lost`, 'lost', 2, false])
  if (args.version === 5) {
    assert.equal(message.properties.contentType, 'text/plain')
    assert.equal(message.properties.userProperties.device, 'seven')
  }

  const late = await Peer.connect('late')
  await late.subscribe(`${root}/lost`, { qos: 2 })
  assert.equal((await late.next()).retain, true, 'the will was to be retained')

  const polite = await Peer.connect('polite', { will: { topic: `${root}/polite`, payload: 'lost' } })
  await polite.client.endAsync()
  await late.publish(`${root}/after`, 'after the goodbye', { qos: 1 })
  assert.equal((await watcher.next()).text, 'after the goodbye')
})

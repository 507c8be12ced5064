"""Every QoS, retained messages, wildcards, large and empty payloads, unsubscribing."""

from hub_paho import Peer, arguments, equal, watchdog

watchdog()
args = arguments()
root = f"paho/delivery/{args.run}"

with Peer(args, "pub") as publisher, Peer(args, "sub") as subscriber:
    for granted in range(3):
        subscriber.subscribe(f"{root}/+/temp", granted)
        for qos in range(3):
            publisher.publish(f"{root}/device/temp", f"{qos} of {granted}", qos)
            message = subscriber.next()
            equal(message.payload.decode(), f"{qos} of {granted}")
            equal(message.topic, f"{root}/device/temp")
            equal(message.qos, min(qos, granted), "QoS")
            equal(message.retain, False, "retain")

    publisher.publish(f"{root}//temp", None, 1)
    message = subscriber.next()
    equal((message.topic, message.payload), (f"{root}//temp", b""), "an empty level and an empty payload")

    large = bytes(range(256)) * 800
    publisher.publish(f"{root}/large/temp", large, 2)
    equal(subscriber.next().payload, large, "200 KB")

    subscriber.unsubscribe(f"{root}/+/temp")
    publisher.publish(f"{root}/device/temp", "nobody listens", 1)
    publisher.publish(f"{root}/ünï/cödé", "kept", 1, retain=True)
    subscriber.subscribe([(f"{root}/#", 1), (f"{root}/none", 0)])
    message = subscriber.next()
    equal((message.topic, message.payload, message.retain), (f"{root}/ünï/cödé", b"kept", True))

    publisher.publish(f"{root}/ünï/cödé", None, 1, retain=True)
    subscriber.next()
    with Peer(args, "late") as late:
        late.subscribe(f"{root}/#", 1)
        publisher.publish(f"{root}/live", "live", 1)
        equal(late.next().payload, b"live", "the retained message was cleared")

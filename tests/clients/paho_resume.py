"""Connections that break while QoS 2 messages are in flight in both directions: every message arrives once, in order."""

from hub_paho import LIMIT, Peer, arguments, equal, properties, same_lists, watchdog

watchdog()
args = arguments()
topic = f"paho/resume/{args.run}"
COUNT = 1500
BREAKS = 3

kept = properties("CONNECT", SessionExpiryInterval=600) if args.version == "5" else None

with Peer(args, "pub", clean=False, connect_properties=kept) as publisher, \
        Peer(args, "sub", clean=False, connect_properties=kept) as subscriber:
    equal(publisher.session_present, 0, "a first connection has no session")
    subscriber.subscribe(topic, 2)

    received = []
    sent = 0
    for part in range(BREAKS):
        upto = (part + 1) * COUNT // BREAKS
        infos = [publisher.client.publish(topic, str(number), 2) for number in range(sent, upto)]
        sent = upto
        received += subscriber.take(50)
        publisher.cut()
        subscriber.cut()
        for peer in (publisher, subscriber):
            present, code, *_ = peer.connected()
            # MQTT 3.1 has no such flag: the byte is reserved.
            equal((present, code), (0 if args.version == "3" else 1, 0), "session present after the break")
        infos[-1].wait_for_publish(LIMIT)

    received += subscriber.take(COUNT - len(received))
    same_lists([int(message.payload) for message in received], list(range(COUNT)))

    # Nothing comes twice afterwards.
    publisher.publish(topic, "end", 2)
    equal(subscriber.next().payload, b"end")

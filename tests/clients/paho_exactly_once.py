"""10,000 messages with QoS 2: each once, in order."""

from hub_paho import Peer, arguments, equal, same_lists, watchdog

watchdog()
args = arguments()
topic = f"paho/exactly-once/{args.run}"
COUNT = 10_000

with Peer(args, "pub") as publisher, Peer(args, "sub") as subscriber:
    subscriber.subscribe(topic, 2)
    for number in range(COUNT):
        last = publisher.client.publish(topic, str(number), 2)

    received = subscriber.take(COUNT)
    same_lists([int(message.payload) for message in received], list(range(COUNT)))
    equal({message.qos for message in received}, {2}, "QoS")
    last.wait_for_publish(30)

    publisher.publish(topic, "end", 2)
    equal(subscriber.next().payload, b"end", "nothing comes twice")

"""The hub sends no more unacknowledged messages than the client allows."""

from hub_paho import Peer, arguments, equal, properties, watchdog

watchdog()
args = arguments()
topic = f"paho/receive-maximum/{args.run}"
MAXIMUM = 3
COUNT = 20

with Peer(args, "pub") as publisher, \
        Peer(args, "sub", connect_properties=properties("CONNECT", ReceiveMaximum=MAXIMUM)) as subscriber:
    # paho acknowledges by itself: its acknowledgements are held back here.
    held = []
    acknowledge = subscriber.client._send_puback
    subscriber.client._send_puback = lambda mid: held.append(mid) or 0
    subscriber.subscribe(topic, 1)

    for number in range(COUNT):
        publisher.publish(topic, str(number), 1)

    received = subscriber.take(MAXIMUM)
    for _ in range(COUNT - MAXIMUM):
        subscriber.subscribe(f"{topic}/other", 1)  # a round trip: what the hub wanted to send would be here
        equal(subscriber.messages.qsize(), 0, "more than the receive maximum")
        acknowledge(held.pop(0))
        received.append(subscriber.next())

    equal([int(message.payload) for message in received], list(range(COUNT)))
    for mid in held:
        acknowledge(mid)

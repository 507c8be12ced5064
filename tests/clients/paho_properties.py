"""MQTT 5 properties of messages, subscription options and reason codes."""

from paho.mqtt.subscribeoptions import SubscribeOptions

from hub_paho import Peer, arguments, equal, properties, watchdog

watchdog()
args = arguments()
root = f"paho/properties/{args.run}"

with Peer(args, "pub") as publisher, Peer(args, "sub") as subscriber:
    subscriber.subscribe(f"{root}/all", 1)
    publisher.publish(f"{root}/all", "payload", 1, properties=properties(
        "PUBLISH", PayloadFormatIndicator=1, MessageExpiryInterval=100, ContentType="text/plain", ResponseTopic=f"{root}/answer",
        CorrelationData=b"\x00\x01\xff", user=[("b", "1"), ("a", "2"), ("b", "1"), ("", "")]))
    received = subscriber.next().properties
    equal(received.PayloadFormatIndicator, 1)
    equal(received.ContentType, "text/plain")
    equal(received.ResponseTopic, f"{root}/answer")
    equal(received.CorrelationData, b"\x00\x01\xff")
    equal(received.UserProperty, [("b", "1"), ("a", "2"), ("b", "1"), ("", "")])
    assert 90 <= received.MessageExpiryInterval <= 100, received.MessageExpiryInterval

    # No-local: what one publishes oneself does not come back.
    publisher.subscribe(f"{root}/chat", options=SubscribeOptions(qos=1, noLocal=True))
    subscriber.subscribe(f"{root}/chat", 1)
    publisher.publish(f"{root}/chat", "mine", 1)
    subscriber.publish(f"{root}/chat", "theirs", 1)
    equal(publisher.next().payload, b"theirs")
    equal([message.payload for message in subscriber.take(2)], [b"mine", b"theirs"])

    # Retain handling and retain-as-published.
    publisher.publish(f"{root}/kept", "kept", 1, retain=True)
    for handling, again in ((0, True), (1, False), (2, False)):
        subscriber.subscribe(f"{root}/kept", options=SubscribeOptions(qos=1, retainHandling=0, retainAsPublished=True))
        equal(subscriber.next().retain, True)
        subscriber.subscribe(f"{root}/kept", options=SubscribeOptions(qos=1, retainHandling=handling, retainAsPublished=True))
        publisher.publish(f"{root}/kept", "live", 1)
        received = [subscriber.next()] if not again else subscriber.take(2)
        equal((received[-1].payload, received[-1].retain), (b"live", False), f"retain handling {handling}")
        subscriber.unsubscribe(f"{root}/kept")

    # Reason codes in the order of the filters.
    codes = subscriber.subscribe([(f"{root}/{qos}", SubscribeOptions(qos=qos)) for qos in (2, 0, 1)])
    equal([code.value for code in codes], [2, 0, 1], "SUBACK")

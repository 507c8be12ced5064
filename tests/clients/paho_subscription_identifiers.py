"""Subscription identifiers: a message names every subscription that it matches."""

from paho.mqtt.subscribeoptions import SubscribeOptions

from hub_paho import Peer, arguments, equal, properties, watchdog

watchdog()
args = arguments()
root = f"paho/identifiers/{args.run}"


def identifiers(messages):
    found = []
    for message in messages:
        found += getattr(message.properties, "SubscriptionIdentifier", [])
    return sorted(found)


def one_or_two(subscriber, publisher, topic, qos):
    """MQTT 5 §3.3.4: overlapping subscriptions get one message with all identifiers, or one message each."""
    publisher.publish(topic, "payload", qos)
    publisher.publish(f"{root}/end", "end", qos)
    messages = []
    while True:
        message = subscriber.next()
        if message.payload == b"end":
            return messages
        messages.append(message)


with Peer(args, "pub") as publisher, Peer(args, "sub") as subscriber:
    def subscribe(topic, identifier):
        options = SubscribeOptions(qos=1)
        subscriber.subscribe(topic, options=options, properties=properties("SUBSCRIBE", SubscriptionIdentifier=identifier))

    publisher.publish(f"{root}/kept/here", "kept", 1, retain=True)
    subscribe(f"{root}/a/#", 1)
    subscribe(f"{root}/+/b", 268435455)
    subscriber.subscribe(f"{root}/end", 1)

    equal(identifiers(one_or_two(subscriber, publisher, f"{root}/a/b", 1)), [1, 268435455], "both")
    equal(identifiers(one_or_two(subscriber, publisher, f"{root}/a/c", 1)), [1], "the first")
    equal(identifiers(one_or_two(subscriber, publisher, f"{root}/x/b", 1)), [268435455], "the second")

    subscribe(f"{root}/+/b", 7)
    equal(identifiers(one_or_two(subscriber, publisher, f"{root}/x/b", 1)), [7], "replaced")

    subscribe(f"{root}/kept/+", 9)
    message = subscriber.next()
    equal((message.payload, identifiers([message])), (b"kept", [9]), "retained")

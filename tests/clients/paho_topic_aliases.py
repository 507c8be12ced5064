"""Topic aliases: of the publisher towards the hub, and of the hub towards a subscriber that allows them."""

from hub_paho import Peer, arguments, equal, properties, watchdog

watchdog()
args = arguments()
root = f"paho/alias/{args.run}"
COUNT = 50

with Peer(args, "pub") as publisher, \
        Peer(args, "sub") as plain, \
        Peer(args, "aliased", connect_properties=properties("CONNECT", TopicAliasMaximum=2)) as aliased:
    plain.subscribe(f"{root}/#", 1)
    aliased.subscribe(f"{root}/#", 1)

    sent = []
    for number in range(COUNT):
        alias = number % 4 + 1
        first = number < 4
        topic = f"{root}/{alias}"
        publisher.publish(topic if first else "", str(number), number % 3, properties=properties("PUBLISH", TopicAlias=alias))
        sent.append((topic, str(number)))

    # An alias that is set again means another topic from then on.
    publisher.publish(f"{root}/other", "other", 1, properties=properties("PUBLISH", TopicAlias=1))
    publisher.publish("", "again", 1, properties=properties("PUBLISH", TopicAlias=1))
    sent += [(f"{root}/other", "other"), (f"{root}/other", "again")]

    received = [(message.topic, message.payload.decode()) for message in plain.take(len(sent))]
    equal(sorted(received), sorted(sent), "without aliases")

    known, received = {}, []
    for message in aliased.take(len(sent)):
        alias = getattr(message.properties, "TopicAlias", None)
        topic = message.topic
        if alias is not None:
            assert 1 <= alias <= 2, f"alias {alias} is above the maximum"
            if topic:
                known[alias] = topic
            topic = known[alias]
        assert topic, "neither a topic nor an alias"
        received.append((topic, message.payload.decode()))
    equal(sorted(received), sorted(sent), "with aliases")

"""
Publishers whose broker goes down and comes back. Each has a stream of numbers with QoS 1 and one with QoS 2, over three topics, one of
which is retained. Orders:

    busy    publish; obeyed when every stream had a retained value acknowledged since
    idle    publish nothing more; obeyed when everything is acknowledged
    finish  the same; then the record is written: a line for every publication and for every connection
"""

import random

from hub_outage import Peer, Worker, body, now, parser, serve

WINDOW = 40  # on the way at the same time, per publisher
BURST = 16
PAUSE = 0.03  # seconds between two bursts, at most


class Publication:
    def __init__(self, stream, number, topic):
        self.stream, self.number, self.topic = stream, number, topic
        self.sent, self.acknowledged = now(), 0


class Stream:
    LEAVES = ["a", "b", "state"]  # the last is retained

    def __init__(self, root, qos):
        self.name = f"{root}/{qos}"
        self.qos = qos
        self.publications = []
        self.last_state = -1  # the newest retained number that is acknowledged

    def publish(self, client):
        number = len(self.publications)
        leaf = self.LEAVES[number % 3]
        publication = Publication(self, number, f"{self.name}/{leaf}")
        self.publications.append(publication)
        info = client.publish(publication.topic, body(number), self.qos, retain=leaf == "state")
        return info.mid, publication

    def acknowledge(self, publication):
        publication.acknowledged = now()
        if publication.topic.endswith("/state"):
            self.last_state = publication.number


class Publisher(Worker):
    def __init__(self, args, number):
        super().__init__()
        self._random = random.Random(f"{args.seed} {number}")
        self.client = Peer(args, f"pub{number}", "54"[number % 2])
        self.client.on_publish = self._acknowledge
        self.streams = [Stream(f"{args.topic}/{number}", qos) for qos in (1, 2)]
        self._on_the_way = {}  # packet id: publication
        self._due = 0
        self._begun = None
        self._marks = []

    def obey(self, order):
        wait = max(0.0, (self._due - now()) / 1e9)
        self.client.step(min(wait, 0.1))
        if order is None:
            return False
        if order is not self._begun:
            self._begun = order
            self._marks = [len(stream.publications) for stream in self.streams]
        if order[0] != "busy":
            return not self._on_the_way and self.client.connected
        if now() >= self._due:
            self._burst()
        return all(stream.last_state >= mark for stream, mark in zip(self.streams, self._marks))

    def _burst(self):
        self._due = now() + int(self._random.uniform(0, PAUSE) * 1e9)
        if not self.client.connected:
            return
        for _ in range(self._random.randint(1, BURST)):
            if len(self._on_the_way) >= WINDOW:
                return
            mid, publication = self._random.choice(self.streams).publish(self.client)
            self._on_the_way[mid] = publication

    def _acknowledge(self, client, data, mid):
        publication = self._on_the_way.pop(mid)
        publication.stream.acknowledge(publication)


options = parser()
options.add_argument("--topic", required=True, help="begins all topics")
options.add_argument("--seed", required=True)
options.add_argument("--publishers", type=int, default=4)
args = options.parse_args()

publishers = [Publisher(args, number) for number in range(args.publishers)]
answer = serve(publishers, last=["finish"])
with open(args.record, "w") as record:
    for publisher in publishers:
        for time, present in publisher.client.connections:
            print("connected", time, present, file=record)
        for stream in publisher.streams:
            for one in stream.publications:
                print("published", stream.name, one.number, one.topic, one.sent, one.acknowledged, file=record)
print(answer, end="", flush=True)

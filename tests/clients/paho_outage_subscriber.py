"""
A subscriber whose broker goes down and comes back. Orders:

    ready   obeyed when it is connected (and subscribed, with --subscribe)
    flow    obeyed when a message came since
    seen T  obeyed when a message with the topic T has come
    leave   says goodbye and writes the record: a line for every message and connection
    finish  the same, after the message on <topic>/end
"""

from hub_outage import Peer, Worker, body, now, parser, serve


class Subscriber(Worker):
    def __init__(self, args):
        super().__init__()
        self._topic = args.topic
        self._granted = not args.subscribe
        self._begun = None
        self._mark = 0
        self._all_came = False
        self._topics = set()
        self.messages = []
        self.client = Peer(args, args.name, args.version)
        self.client.on_message = self._take
        self.client.on_subscribe = self._grant
        if args.subscribe:
            self.client.on_connect = self._subscribe

    def obey(self, order):
        self.client.step(0.1)
        if order is None:
            return False
        if order is not self._begun:
            self._begun = order
            self._mark = len(self.messages)
        if order[0] == "ready":
            return self.client.connected and self._granted
        if order[0] == "flow":
            return len(self.messages) > self._mark
        if order[0] == "seen":
            return order[1] in self._topics
        if order[0] == "leave" or self._all_came:
            self._leave()
        return self.ended

    def _leave(self):
        while self.client.want_write() and self.client.loop_write() == 0:
            pass  # the last acknowledgements
        self.client.disconnect()
        self.ended = True

    def _subscribe(self, client, *rest):
        self.client._note_connection(client, *rest)
        if not self._granted:
            self.client.subscribe(f"{self._topic}/#", 2)

    def _grant(self, client, data, mid, granted, *rest):
        assert [int(getattr(code, "value", code)) for code in granted] == [2], f"granted {granted}"
        self._granted = True

    def _take(self, client, data, message):
        self.messages.append((now(), message.topic, message.qos, message.dup, message.retain, message.payload))
        self._topics.add(message.topic)
        self._all_came |= message.topic == f"{self._topic}/end"


def number_of(payload):
    """The number that the payload stands for, '?' when it is none of ours."""
    first = payload.split(b" ", 1)[0]
    return int(first) if first.isdigit() and payload == body(int(first)) else "?"


options = parser()
options.add_argument("--topic", required=True, help="begins all topics")
options.add_argument("--name", required=True)
options.add_argument("--version", default="5")
options.add_argument("--subscribe", action="store_true")
args = options.parse_args()

subscriber = Subscriber(args)
answer = serve([subscriber], last=["finish", "leave"])
with open(args.record, "w") as record:
    for time, present in subscriber.client.connections:
        print("connected", time, present, file=record)
    for time, topic, qos, dup, retain, payload in subscriber.messages:
        print("message", topic, number_of(payload), time, qos, int(dup), int(retain), file=record)
print(answer, end="", flush=True)

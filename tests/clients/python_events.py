"""Python's own http.client and urllib: publish, follow as a stream and by long-polls, and resume after a connection was cut."""

import argparse
import http.client
import json
import urllib.parse
import urllib.request

LIMIT = 30  # seconds to wait for something that is going to happen

parser = argparse.ArgumentParser()
parser.add_argument("--url", required=True)
parser.add_argument("--run", default="0", help="makes topics unlike those of other runs")
args = parser.parse_args()
host = urllib.parse.urlsplit(args.url).netloc
topic = f"python/{args.run}/küche flur"


def publish(numbers):
    """All in one request, without saying how long it is."""
    connection = http.client.HTTPConnection(host, timeout=LIMIT)
    lines = (f"{number}\n".encode() for number in numbers)
    connection.request("POST", "/events/" + urllib.parse.quote(topic.encode()), lines, {"Content-Type": "application/x-ndjson"}, encode_chunked=True)
    answer = connection.getresponse()
    body = json.load(answer)
    assert answer.status == 200 and body["count"] == len(numbers), (answer.status, body)
    connection.close()
    return body["id"]


class Stream:
    """Server-sent events, read line by line."""

    def __init__(self, last_event_id=None):
        headers = {"Accept": "text/event-stream"}
        if last_event_id:
            headers["Last-Event-ID"] = last_event_id
        request = urllib.request.Request(f"{args.url}events?" + urllib.parse.urlencode({"topic": topic}), headers=headers)
        self.answer = urllib.request.urlopen(request, timeout=LIMIT)
        assert self.answer.status == 200 and self.answer.headers["Content-Type"].startswith("text/event-stream")
        self.last_event_id = last_event_id

    def next(self):
        """The next event with data; what has none moves the cursor only."""
        data = []
        for line in self.answer:
            line = line.decode().rstrip("\n")
            if line.startswith("id:"):
                self.last_event_id = line[3:].strip()
            elif line.startswith("data:"):
                data.append(line[5:].strip())
            elif not line and data:
                return json.loads("\n".join(data))
        raise EOFError("the stream ended")

    def begin(self):
        """Reads up to the first cursor."""
        while not self.last_event_id:
            line = self.answer.readline().decode()
            assert line, "the stream ended"
            if line.startswith("id:"):
                self.last_event_id = line[3:].strip()


def poll(since):
    query = urllib.parse.urlencode({"topic": topic, "since": since, "wait": "10s", "limit": 7})
    request = urllib.request.Request(f"{args.url}events?{query}", headers={"Accept": "application/json"})
    with urllib.request.urlopen(request, timeout=LIMIT) as answer:
        assert answer.headers["ETag"]
        return json.load(answer)


first = Stream()
first.begin()
beginning = first.last_event_id
publish(range(10))
seen = []
while len(seen) < 5:
    event = first.next()
    assert event["topic"] == topic, event
    seen.append(event["payload"])
first.answer.close()  # what it had of the other five is gone
publish(range(10, 20))
second = Stream(first.last_event_id)
while len(seen) < 20:
    seen.append(second.next()["payload"])
second.answer.close()
assert seen == list(range(20)), seen

polled, since = [], beginning
while len(polled) < 20:
    answer = poll(since)
    assert 0 < len(answer["events"]) <= 7
    polled += [event["payload"] for event in answer["events"]]
    since = answer["next"]
assert polled == list(range(20)), polled

wrong = urllib.request.Request(f"{args.url}events?topic=a/%23/b", headers={"Accept": "application/json"})
try:
    urllib.request.urlopen(wrong, timeout=LIMIT)
    raise AssertionError("a wrong filter was taken")
except urllib.error.HTTPError as error:
    assert error.code == 400 and json.load(error)["parameter"] == "topic"

#!/usr/bin/env python3
"""
Many readers come back at once, each a number of events behind: how long until all have caught up, and what a publisher (QoS 1, window 1, 200/s) notices of it.

    storm.py MQTT_PORT HTTP_PORT [READERS] [EVENTS_BEHIND]
"""
import multiprocessing
import re
import select
import socket
import sys
import time

import mqtt_bytes as mqtt

mqtt_port, http_port = int(sys.argv[1]), int(sys.argv[2])
readers = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
behind = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
PAYLOAD = b'{"t":"' + b"x" * 40 + b'","v":21.5}'


def request(last=None):
    resume = f"Last-Event-ID: {last}\r\n" if last else ""
    return f"GET /events?topic=storm/%23 HTTP/1.1\r\nHost: 127.0.0.1:{http_port}\r\nAccept: text/event-stream\r\n{resume}\r\n".encode()


def publish_at_a_rate(pipe):
    """Until it is told to end; says how long each PUBLISH waited for its PUBACK, and when it was sent."""
    peer, times, number = mqtt.connect(mqtt_port, "storm-publisher"), [], 0
    pipe.send("ready")
    following = time.perf_counter()
    while not pipe.poll():
        number += 1
        began = time.perf_counter()
        peer.sendall(mqtt.publish("storm/live", PAYLOAD, number % 65535 + 1))
        mqtt.exactly(peer, 4)
        times.append((began, time.perf_counter() - began))
        following = max(following + 0.005, time.perf_counter())
        time.sleep(max(0, following - time.perf_counter()))
    pipe.send(times)


def last_id():
    with socket.create_connection(("127.0.0.1", http_port)) as peer:
        peer.sendall(request())
        text = b""
        while not (ids := re.findall(rb"^id: (\S+)\n", text, re.M)):
            text += peer.recv(65536)
        return ids[0].decode()


def storm(cursor):
    """Opens all, and waits until each has had the events that it was behind."""
    poll, peers, counts, done = select.epoll(), {}, {}, []
    began = time.perf_counter()
    for _ in range(readers):
        peer = socket.socket()
        peer.connect(("127.0.0.1", http_port))
        peer.sendall(request(cursor))
        peer.setblocking(False)
        peers[peer.fileno()], counts[peer.fileno()] = peer, 0
        poll.register(peer.fileno(), select.EPOLLIN)
    opened = time.perf_counter() - began
    while len(done) < readers:
        for number, _ in poll.poll(10):
            data = peers[number].recv(1 << 18)
            assert data, "a reader was closed"
            before = counts[number]
            counts[number] += data.count(b"\ndata: ")
            if before < behind <= counts[number]:
                done.append(time.perf_counter() - began)
    return opened, done, began, peers


def percentiles(times):
    times = sorted(times)
    return "p50 %6.2f  p99 %6.2f  max %6.2f ms  (%d)" % (*(times[int(len(times) * part)] * 1e3 for part in (0.5, 0.99)), times[-1] * 1e3, len(times))


source = mqtt.connect(mqtt_port, "storm-source")
before_all = last_id()
for number in range(behind):
    source.sendall(mqtt.publish("storm/past", PAYLOAD, number % 65535 + 1))
    mqtt.exactly(source, 4)
ours, theirs = multiprocessing.Pipe()
publisher = multiprocessing.Process(target=publish_at_a_rate, args=(theirs,))
publisher.start()
ours.recv()
time.sleep(5)
opened, done, began, peers = storm(before_all)
ended = time.perf_counter()
ours.send("end")
times = ours.recv()
publisher.join()
print("%d readers, %d events behind: connected in %.2f s, half caught up after %.2f s, all after %.2f s" % (readers, behind, opened, sorted(done)[readers // 2], max(done)))
print("PUBACK before the storm ", percentiles([took for at, took in times if at < began]))
print("PUBACK during the storm ", percentiles([took for at, took in times if began <= at < ended]))

#!/usr/bin/env python3
"""
How long one publisher waits for the PUBACK of each message (QoS 1, window 1), and beside it how long this machine takes to write the same
bytes to a file and fdatasync them, both in turn.

    ack_latency.py PORT DIRECTORY [COUNT]

DIRECTORY is on the disk that the broker writes to.
"""
import os
import sys
import tempfile
import time

import mqtt_bytes as mqtt


def percentiles(times):
    times = sorted(times)
    return "p50 %4.0f  p90 %4.0f  p99 %4.0f us" % tuple(times[int(len(times) * part)] * 1e6 for part in (0.5, 0.9, 0.99))


def acknowledged(port, payload, count):
    peer = mqtt.connect(port, "ack-latency")
    times = []
    for number in range(count):
        message = mqtt.publish("figures/ack", payload, number % 65535 + 1)
        began = time.perf_counter()
        peer.sendall(message)
        mqtt.exactly(peer, 4)
        times.append(time.perf_counter() - began)
    peer.close()
    return times


def written(directory, payload, count):
    handle, path = tempfile.mkstemp(dir=directory)
    times = []
    for _ in range(count):
        began = time.perf_counter()
        os.write(handle, payload)
        os.fdatasync(handle)
        times.append(time.perf_counter() - began)
    os.close(handle)
    os.unlink(path)
    return times


port, directory = int(sys.argv[1]), sys.argv[2]
count = int(sys.argv[3]) if len(sys.argv) > 3 else 1000
payload = b"x" * 64
acknowledged(port, payload, 500)  # the just-in-time compiler's share
acks, writes = [], []
for _ in range(5):
    writes += written(directory, payload + b"y" * 36, count)
    acks += acknowledged(port, payload, count)
print("write + fdatasync  ", percentiles(writes))
print("PUBLISH to PUBACK  ", percentiles(acks))
print("ratio of the medians %.2f" % (sorted(acks)[len(acks) // 2] / sorted(writes)[len(writes) // 2]))

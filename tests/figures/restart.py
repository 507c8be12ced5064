#!/usr/bin/env python3
"""
How long the hub takes to be ready again after kill -9, and what it needs in memory then, with a large journal and many sessions.

    restart.py SERVER_DLL DIRECTORY [GIB] [SESSIONS]

Makes the journal in DIRECTORY, which must be empty, through MQTT: persistent sessions with a subscription each, messages that wait for them, a
retained message each, and then telemetry until the journal has its size.
"""
import os
import re
import signal
import subprocess
import sys
import time

import mqtt_bytes as mqtt


def start(server, directory):
    began = time.perf_counter()
    hub = subprocess.Popen(
        ["dotnet", server, f"--Hub:Data={directory}", "--Mqtt:Listen=127.0.0.1:0", "--Http:Listen=127.0.0.1:0"],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    port = None
    for line in hub.stdout:
        if "ready" in line:
            ready = time.perf_counter() - began
        if found := re.match(r"\s+mqtt\s+\S+:(\d+)", line):
            port = int(found.group(1))
            break
    return hub, port, ready


def resident(hub):
    with open(f"/proc/{hub.pid}/status") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024


def size(directory):
    journal = os.path.join(directory, "journal")
    return sum(os.path.getsize(os.path.join(journal, name)) for name in os.listdir(journal))


def fill(port, directory, sessions, target):
    for number in range(sessions):
        peer = mqtt.connect(port, f"session-{number}", clean=False)
        mqtt.subscribe(peer, f"own/{number}/#", 1)
        peer.sendall(b"\xe0\x00")
        peer.close()
    publisher = mqtt.connect(port, "publisher")
    for number in range(sessions):
        retained = bytearray(mqtt.publish(f"own/{number}/state", b"retained", 1))
        retained[0] |= 1
        publisher.sendall(bytes(retained))
        mqtt.exactly(publisher, 4)
        for _ in range(10):
            publisher.sendall(mqtt.publish(f"own/{number}/value", b"queued" * 10, 1))
            mqtt.exactly(publisher, 4)
    burst = b"".join(mqtt.publish(f"plant/{number % 1000}/temperature", b"x" * 64) for number in range(10_000))
    while size(directory) < target:
        for _ in range(50):
            publisher.sendall(burst)
    # An acknowledgement for the last one: everything before it is written then.
    publisher.sendall(mqtt.publish("own/0/value", b"last", 1))
    mqtt.exactly(publisher, 4)


server, directory = sys.argv[1], sys.argv[2]
target = int(float(sys.argv[3] if len(sys.argv) > 3 else 2) * (1 << 30))
sessions = int(sys.argv[4]) if len(sys.argv) > 4 else 10_000
hub, port, _ = start(server, directory)
fill(port, directory, sessions, target)
print(f"filled: {size(directory) / (1 << 20):.0f} MiB, {sessions} sessions, resident {resident(hub):.0f} MiB")
for _ in range(3):
    hub.send_signal(signal.SIGKILL)
    hub.wait()
    hub, port, ready = start(server, directory)
    print(f"ready {ready:.2f} s after kill -9, resident {resident(hub):.0f} MiB", end="")
    mqtt.connect(port, "one").close()
    time.sleep(5)
    print(f", after 5 s {resident(hub):.0f} MiB")
hub.terminate()
hub.wait()

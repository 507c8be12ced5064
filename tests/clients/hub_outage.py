"""What the scripts share whose broker goes down and comes back: a client that returns to its session, and orders from standard input."""

import argparse
import faulthandler
import os
import sys
import threading
import time

import paho.mqtt.client as mqtt
from hub_paho import VERSIONS, properties

PATIENCE = 100  # seconds for one order: a script that hangs ends with the stacks of its threads
RETRY = 0.03  # seconds between two attempts to connect


def parser():
    result = argparse.ArgumentParser()
    result.add_argument("--host", default="127.0.0.1")
    result.add_argument("--port", type=int, required=True)
    result.add_argument("--run", required=True, help="makes topics and client ids unlike those of other runs")
    result.add_argument("--record", required=True, help="the file for what was seen")
    return result


def now():
    """Nanoseconds of the machine's monotonic clock, which is the same for every process."""
    return time.monotonic_ns()


def body(number):
    """The payload of a number: its length varies, and whatever is torn or mixed up shows."""
    return b" ".join([b"%d" % number] * (3000 if number % 97 == 96 else 1 + number % 30))


class Peer(mqtt.Client):
    """
    A client with a persistent session. All of it happens in step(), called by one thread: so nothing is published between a new
    connection and the repeats of what was on its way, which would be out of order.
    """

    def __init__(self, args, name, version):
        session = {} if version == "5" else {"clean_session": False}
        super().__init__(client_id=f"{name}{args.run}", protocol=VERSIONS[version], **session)
        self.connections = []  # (time, session present)
        self.connected = False
        self.max_inflight_messages_set(0)  # how many are on their way is the script's business
        self.max_queued_messages_set(0)
        self.on_connect = self._note_connection
        options = {"clean_start": False, "properties": properties("CONNECT", SessionExpiryInterval=3600)} if version == "5" else {}
        self.connect(args.host, args.port, **options)

    def step(self, seconds):
        """Reads and writes for this long at most, or makes the lost connection again."""
        if self.loop(seconds) == mqtt.MQTT_ERR_SUCCESS:
            return
        self.connected = False
        time.sleep(RETRY)
        try:
            self.reconnect()
        except OSError:
            pass  # the broker is down

    def _note_connection(self, client, data, flags, code, *rest):
        assert code == 0, f"refused: {code}"
        assert flags["session present"] or not self.connections, "the session is lost"
        self.connections.append((now(), flags["session present"]))
        self.connected = True

    def _messages_reconnect_reset_out(self):
        # After a failed attempt to connect paho 1.6 has forgotten that PUBREC came, and would publish the message again, under an
        # id that the broker may have set free since PUBREL.
        for message in self._out_messages.values():
            if message.state == mqtt.mqtt_ms_resend_pubrel:
                message.state = mqtt.mqtt_ms_wait_for_pubcomp
        super()._messages_reconnect_reset_out()


class Worker(threading.Thread):
    """A peer in its thread, that carries out one order after the other: obey() is called until it is obeyed, and then on."""

    def __init__(self):
        super().__init__(daemon=True)
        self._order = None, threading.Event()
        self.ended = False

    def give(self, words):
        self._order = words, threading.Event()

    def wait(self):
        self._order[1].wait()

    def run(self):
        while not self.ended:
            words, obeyed = self._order
            if self.obey(words):
                obeyed.set()


def serve(workers, last):
    """Gives every line of standard input to the workers, and says it again as soon as all have obeyed; returns the one that is last."""
    threading.excepthook = _die
    faulthandler.dump_traceback_later(PATIENCE, exit=True)
    for worker in workers:
        worker.start()
    for line in sys.stdin:
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        words = line.split()
        for worker in workers:
            worker.give(words)
        for worker in workers:
            worker.wait()
        if words[0] in last:
            return line
        print(line, end="", flush=True)
    os._exit(1)  # the test has gone


def _die(args):
    """A thread must not die unseen."""
    import traceback
    traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)
    os._exit(1)

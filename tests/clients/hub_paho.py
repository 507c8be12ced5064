"""What the paho scripts share: a client whose events are waited for, never slept for."""

import argparse
import itertools
import queue
import socket
import ssl
import threading

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

LIMIT = 30  # seconds to wait for something that is going to happen
VERSIONS = {"3": mqtt.MQTTv31, "4": mqtt.MQTTv311, "5": mqtt.MQTTv5}

_numbers = itertools.count(1)


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--version", choices=VERSIONS, default="5")
    parser.add_argument("--transport", choices=["tcp", "websockets"], default="tcp")
    parser.add_argument("--ca", help="the authority to trust: TLS")
    parser.add_argument("--run", default="0", help="makes topics and client ids unlike those of other runs")
    return parser.parse_args()


def properties(packet, user=None, **values):
    """MQTT 5 properties: properties("PUBLISH", ContentType="text/plain", user=[("name", "value")])."""
    result = Properties(getattr(PacketTypes, packet))
    for name, value in values.items():
        setattr(result, name, value)
    if user:
        result.UserProperty = user
    return result


class Peer:
    """One paho client with its network thread. It reconnects by itself when its connection breaks."""

    def __init__(self, args, name, clean=True, connect_properties=None, will=None):
        self.version = VERSIONS[args.version]
        self.messages = queue.Queue()
        self.connects = queue.Queue()
        self._acks = queue.Queue()
        self._args = args
        self._clean = clean
        self._connect_properties = connect_properties
        session = {} if self.version == mqtt.MQTTv5 else {"clean_session": clean}
        self.client = mqtt.Client(
            client_id=f"{name}{args.run}", protocol=self.version, transport=args.transport, **session)
        if args.transport == "websockets":
            self.client.ws_set_options(path="/mqtt")
        if args.ca:
            self.client.tls_set(args.ca, cert_reqs=ssl.CERT_REQUIRED)
        if will:
            self.client.will_set(**will)
        self.client.reconnect_delay_set(min_delay=1, max_delay=1)
        self.client.max_queued_messages_set(0)
        self.client.on_connect = lambda client, data, flags, code, *rest: self.connects.put((flags["session present"], code, *rest))
        self.client.on_message = lambda client, data, message: self.messages.put(message)
        self.client.on_subscribe = lambda client, data, mid, granted, *rest: self._acks.put((mid, granted))
        self.client.on_unsubscribe = lambda client, data, mid, *rest: self._acks.put((mid, rest))

    def __enter__(self):
        extra = {}
        if self.version == mqtt.MQTTv5:
            extra = {"clean_start": self._clean, "properties": self._connect_properties}
        self.client.connect(self._args.host, self._args.port, **extra)
        self.client.loop_start()
        self.session_present, code, *self.connack = self.connected()
        assert code == 0, f"refused: {code}"
        return self

    def __exit__(self, *error):
        self.client.disconnect()
        self.client.loop_stop()

    def connected(self):
        """Waits for the next CONNACK."""
        return self.connects.get(timeout=LIMIT)

    def subscribe(self, *arguments, **options):
        return self._acknowledged(*self.client.subscribe(*arguments, **options))

    def unsubscribe(self, topic):
        return self._acknowledged(*self.client.unsubscribe(topic))

    def publish(self, topic, payload=None, qos=0, retain=False, properties=None):
        """Publishes and waits until it is sent (QoS 0) or acknowledged."""
        self.client.publish(topic, payload, qos, retain, properties).wait_for_publish(LIMIT)

    def next(self):
        return self.messages.get(timeout=LIMIT)

    def take(self, count):
        return [self.next() for _ in range(count)]

    def cut(self):
        """Breaks the connection without a goodbye, as a lost network does."""
        sock = self.client.socket()
        if sock is None:
            return
        try:
            getattr(sock, "_socket", sock).shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was broken already

    def _acknowledged(self, result, mid):
        assert result == mqtt.MQTT_ERR_SUCCESS, mqtt.error_string(result)
        acknowledged, codes = self._acks.get(timeout=LIMIT)
        assert acknowledged == mid
        return codes


def equal(actual, expected, what=""):
    assert actual == expected, f"{what}: expected {expected!r}, got {actual!r}"


def same_lists(actual, expected):
    """Says where two long lists part instead of printing them."""
    for at, (one, other) in enumerate(zip(actual, expected)):
        assert one == other, f"at {at}: expected {other!r}, got {one!r}"
    equal(len(actual), len(expected), "length")


def watchdog(seconds=100):
    """A script that hangs ends with the stacks of its threads."""
    import faulthandler
    faulthandler.dump_traceback_later(seconds, exit=True)
    threading.excepthook = _die


def _die(args):
    """paho's network thread must not die unseen."""
    import os
    import traceback
    traceback.print_exception(args.exc_type, args.exc_value, args.exc_traceback)
    os._exit(1)

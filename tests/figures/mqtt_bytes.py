"""Just enough MQTT 3.1.1 for the figures: the packets as bytes, and blocking sockets."""
import socket
import struct


def text(value):
    value = value.encode()
    return struct.pack(">H", len(value)) + value


def packet(first, body):
    length, head = len(body), bytearray([first])
    while True:
        length, digit = divmod(length, 128)
        head.append(digit | (0x80 if length else 0))
        if not length:
            return bytes(head) + body


def connect(port, client_id, clean=True):
    """A connection whose CONNECT has been accepted."""
    peer = socket.create_connection(("127.0.0.1", port))
    peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    peer.sendall(packet(0x10, text("MQTT") + bytes([4, 2 if clean else 0, 0, 0]) + text(client_id)))
    answer = exactly(peer, 4)
    assert answer[0] == 0x20 and answer[3] == 0, answer
    return peer


def subscribe(peer, topic, qos):
    peer.sendall(packet(0x82, b"\x00\x01" + text(topic) + bytes([qos])))
    answer = exactly(peer, 5)
    assert answer[0] == 0x90 and answer[4] == qos, answer


def publish(topic, payload, packet_id=None):
    """QoS 1 with a packet id, else QoS 0."""
    if packet_id is None:
        return packet(0x30, text(topic) + payload)
    return packet(0x32, text(topic) + struct.pack(">H", packet_id) + payload)


def exactly(peer, count):
    got = bytearray()
    while len(got) < count:
        piece = peer.recv(count - len(got))
        if not piece:
            raise EOFError("the broker closed the connection")
        got += piece
    return bytes(got)

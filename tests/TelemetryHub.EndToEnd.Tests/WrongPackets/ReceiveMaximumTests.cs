using System.Buffers.Binary;
using TelemetryHub.EndToEnd.Tests.Brokers;
using TelemetryHub.EndToEnd.Tests.Programs;
using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.WrongPackets;

/// <summary>What the broker announces in CONNACK holds (MQTT 5 §3.2.2.3, §4.9).</summary>
public sealed class ReceiveMaximumTests(BrokerFixture fixture) : IClassFixture<BrokerFixture>
{
    private const byte ReceiveMaximum = 0x21;

    [Fact]
    public async Task More_QoS_2_messages_than_the_receive_maximum_end_the_connection()
    {
        fixture.SkipOnMosquitto("answers PUBREC 0x97 and goes on");
        await using var connection = await RawConnection.OpenAsync(fixture.Broker.Mqtt);
        await connection.SendAsync(RawConnection.ConnectNotation(5, Unique.ClientId("flood")));
        var maximum = FindReceiveMaximum((await connection.ReadAsync())!);

        for (var id = 1; id <= maximum + 1; id++) await connection.SendAsync($"34 {{ \"flood\" {id:X4} {{}} }}");

        var answer = await connection.ReadAsync();
        var received = 0;
        for (; answer is { FirstByte: 0x50 }; answer = await connection.ReadAsync()) received++;
        received.ShouldBeLessThanOrEqualTo(maximum);
        answer.ShouldNotBeNull().FirstByte.ShouldBe((byte)0xE0);
        answer.Body[0].ShouldBe((byte)0x93);
        (await connection.ReadAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task As_many_as_the_receive_maximum_are_fine()
    {
        await using var connection = await RawConnection.OpenAsync(fixture.Broker.Mqtt);
        await connection.SendAsync(RawConnection.ConnectNotation(5, Unique.ClientId("fill")));
        var maximum = FindReceiveMaximum((await connection.ReadAsync())!);

        for (var round = 0; round < 2; round++)
        {
            for (var id = 1; id <= maximum; id++) await connection.SendAsync($"34 {{ \"fill\" {id:X4} {{}} }}");
            for (var id = 1; id <= maximum; id++) (await connection.ReadAsync())?.FirstByte.ShouldBe((byte)0x50);
            for (var id = 1; id <= maximum; id++) await connection.SendAsync($"62 {{ {id:X4} }}");
            for (var id = 1; id <= maximum; id++) (await connection.ReadAsync())?.FirstByte.ShouldBe((byte)0x70);
        }
    }

    // CONNACK: flags, reason, property length (one byte here), properties. Only numbers and strings stand before it.
    private static int FindReceiveMaximum(RawPacket connAck)
    {
        var rest = connAck.Body.AsSpan(3);
        while (!rest.IsEmpty)
        {
            if (rest[0] == ReceiveMaximum) return BinaryPrimitives.ReadUInt16BigEndian(rest[1..]);
            rest = rest[(1 + ValueLength(rest))..];
        }

        return ushort.MaxValue;
    }

    private static int ValueLength(ReadOnlySpan<byte> property) => property[0] switch
    {
        0x11 or 0x27 => 4, // session expiry, maximum packet size
        0x13 or 0x22 => 2, // server keep-alive, topic alias maximum
        0x24 or 0x25 or 0x28 or 0x29 or 0x2A => 1, // what is available
        _ => 2 + BinaryPrimitives.ReadUInt16BigEndian(property[1..]), // strings
    };
}

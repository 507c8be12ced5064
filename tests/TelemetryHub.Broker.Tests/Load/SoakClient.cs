using System.Net.Sockets;
using TelemetryHub.Broker.Tests.Harness;
using TelemetryHub.Mqtt;
using static TelemetryHub.Mqtt.Properties.PropertyId;

namespace TelemetryHub.Broker.Tests.Load;

/// <summary>
/// A client that does one random thing after the other, and acknowledges most of what it gets. Its random numbers decide everything
/// but the timing.
/// </summary>
internal sealed class SoakClient(TestBroker broker, Random random)
{
    // Fewer ids than clients: takeovers, also of each other's sessions.
    private const int ClientIds = 40;

    private static readonly string[] Filters =
    [
        "a", "a/b", "a/+", "#", "+/b", "$SYS/#", "$share/g/a/b", "$share/g/#", "$share/h/+/b", "b//c", "wrong/#/filter",
    ];

    private static readonly string[] Topics = ["a", "a/b", "a/c", "b//c", "will/x"];

    private WireClient? _client;
    private volatile TaskCompletionSource _step = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the client has done something more.</summary>
    public Task NextStepAsync() => _step.Task;

    public async Task RunAsync(int steps)
    {
        for (var i = 0; i < steps; i++)
        {
            try
            {
                await StepAsync();
            }
            catch (SocketException)
            {
                Forget(); // the broker closed it: mostly because of what it sent, or because its id is in use elsewhere
            }
            Interlocked.Exchange(ref _step, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
        Forget();
        _step.TrySetResult();
    }

    private async Task StepAsync()
    {
        if (_client is not { } client)
        {
            await ConnectAsync();
            return;
        }
        switch (random.Next(20))
        {
            case 0:
                client.Disconnect(random.Next(2) == 0 ? ReasonCode.Success : ReasonCode.DisconnectWithWill);
                break;
            case 1:
                client.Reset();
                Forget();
                return;
            case 2:
                client.Send(Garbage()); // perhaps half a packet: nothing that follows would be answered
                Forget();
                return;
            case 3:
                Forget();
                return;
            case 4 or 5 or 6:
                client.Send(WireWriter.Subscribe(client.Version, 1, null, [Filter(), Filter()]));
                break;
            case 7:
                client.Send(WireWriter.Unsubscribe(client.Version, 1, [Filters[random.Next(Filters.Length)]]));
                break;
            default:
                Publish(client);
                break;
        }
        if (!await ReadToPingAsync(client))
            Forget();
    }

    private async Task ConnectAsync()
    {
        var version = (MqttVersion)random.Next(3, 6);
        var client = broker.Open(version);
        var will = random.Next(3) == 0 ? new WillSpec("will/x", "gone", random.Next(3), random.Next(4) == 0) : null;
        var props = version != MqttVersion.V5 ? null : new Props
        {
            { SessionExpiryInterval, random.Next(3) * 100 },
            { ReceiveMaximum, random.Next(1, 20) },
            { TopicAliasMaximum, random.Next(3) },
            { MaximumPacketSize, random.Next(30, 3000) },
        };
        client.SendConnect($"c{random.Next(ClientIds)}", random.Next(2) == 0, props, keepAlive: random.Next(3) * 20, will);
        // A refusal (the id changes hands too often) is an answer, and so is a connection that was taken over at once.
        if (await client.TryReceiveAsync() is { Type: PacketType.ConnAck, Reason: ReasonCode.Success })
            _client = client;
        else
            client.Dispose();
    }

    private void Publish(WireClient client)
    {
        var qos = random.Next(3);
        var topic = Topics[random.Next(Topics.Length)];
        var props = client.Version != MqttVersion.V5 || random.Next(4) > 0 ? null : new Props
        {
            { TopicAlias, random.Next(1, 4) },
            { MessageExpiryInterval, random.Next(5) },
        };
        client.Publish(topic, new byte[random.Next(200)], qos, qos == 0 ? 0 : random.Next(1, 50), random.Next(10) == 0, props: props);
    }

    // Answers what must be answered, now and then not; false when the broker closed.
    private async Task<bool> ReadToPingAsync(WireClient client)
    {
        client.Send(0xC0, 0);
        while (await client.TryReceiveAsync() is { } packet)
        {
            if (packet.Type == PacketType.PingResp)
                return true;
            if (random.Next(20) > 0)
                Answer(client, packet);
        }
        return false;
    }

    private static void Answer(WireClient client, WirePacket packet)
    {
        switch (packet.Type)
        {
            case PacketType.Publish when packet.QoS != QoS.AtMostOnce:
                client.Ack(packet.QoS == QoS.AtLeastOnce ? PacketType.PubAck : PacketType.PubRec, packet.PacketId);
                break;
            case PacketType.PubRec when !packet.Reason.IsFailure():
                client.Ack(PacketType.PubRel, packet.PacketId);
                break;
            case PacketType.PubRel:
                client.Ack(PacketType.PubComp, packet.PacketId);
                break;
        }
    }

    private Filter Filter() => new(Filters[random.Next(Filters.Length)], random.Next(3));

    private byte[] Garbage()
    {
        var bytes = new byte[random.Next(1, 40)];
        random.NextBytes(bytes);
        return bytes;
    }

    private void Forget()
    {
        _client?.Dispose();
        _client = null;
    }
}

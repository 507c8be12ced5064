using System.Globalization;
using System.Reflection;
using System.Text;
using TelemetryHub.Core.Access;
using TelemetryHub.Core.Events;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker.Operation;

/// <summary>Publishes the hub's state under <c>$SYS/broker</c>, by Mosquitto's names, retained. A value that did not change is not published again.</summary>
internal sealed class SysTopics(MqttBroker broker)
{
    private static readonly string Version = typeof(SysTopics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    private readonly Dictionary<string, string> _last = [];
    private readonly long _started = broker.Milliseconds;
    private long _maxClients;

    public void Publish()
    {
        var statistics = broker.Statistics;
        var connected = broker.Connections.Count(connection => connection.IsConnected);
        var sessions = broker.SessionCount;
        _maxClients = Math.Max(_maxClients, sessions);
        Say("version", $"TelemetryHub version {Version}");
        Say("uptime", $"{(broker.Milliseconds - _started) / 1000} seconds");
        Say("clients/total", sessions);
        Say("clients/active", connected);
        Say("clients/connected", connected);
        Say("clients/inactive", Math.Max(0, sessions - connected));
        Say("clients/disconnected", Math.Max(0, sessions - connected));
        Say("clients/maximum", _maxClients);
        Say("messages/received", statistics.PacketsReceived);
        Say("messages/sent", statistics.PacketsSent);
        Say("messages/stored", broker.Router.RetainedCount);
        Say("store/messages/count", broker.Router.RetainedCount);
        Say("store/messages/bytes", broker.Router.RetainedBytes);
        Say("publish/messages/received", statistics.PublishesReceived);
        Say("publish/messages/sent", statistics.PublishesSent);
        Say("publish/messages/dropped", statistics.DroppedInAll);
        Say("publish/bytes/received", statistics.PublishBytesReceived);
        Say("publish/bytes/sent", statistics.PublishBytesSent);
        Say("bytes/received", statistics.BytesReceived);
        Say("bytes/sent", statistics.BytesSent);
        Say("subscriptions/count", broker.Router.SubscriptionCount);
        Say("shared_subscriptions/count", broker.Router.SharedSubscriptionCount);
        Say("retained messages/count", broker.Router.RetainedCount);
        Say("heap/current", GC.GetTotalMemory(forceFullCollection: false));
    }

    private void Say(string name, long value) => Say(name, value.ToString(CultureInfo.InvariantCulture));

    private void Say(string name, string value)
    {
        if (_last.TryGetValue(name, out var last) && last == value)
            return;
        _last[name] = value;
        broker.Publisher.Publish(new Event
        {
            Topic = broker.Topics.Get(Encoding.UTF8.GetBytes($"$SYS/broker/{name}")),
            Payload = Encoding.UTF8.GetBytes(value),
            Publisher = Principal.Hub,
            Time = broker.UnixMilliseconds,
            QoS = QoS.AtMostOnce,
            Retain = true,
        });
    }
}

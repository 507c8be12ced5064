using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>The topic aliases of one connection on the way out: the first topics get one, as many as the server allows. Not thread-safe.</summary>
internal sealed class OutboundAliases(ushort maximum)
{
    private readonly Dictionary<TopicName, ushort> _known = [];

    /// <summary>0 when the topic has to go without. <paramref name="isNew"/> says that the server does not know this alias yet.</summary>
    public ushort For(TopicName topic, out bool isNew)
    {
        isNew = false;
        if (_known.TryGetValue(topic, out var alias))
            return alias;
        if (_known.Count >= maximum)
            return 0;
        isNew = true;
        alias = (ushort)(_known.Count + 1);
        _known.Add(topic, alias);
        return alias;
    }

    /// <summary>The packet that would have told the server did not leave.</summary>
    public void Forget(TopicName topic) => _known.Remove(topic);
}

using TelemetryHub.Mqtt;

namespace TelemetryHub.Server.Feeds.WebSockets.Messages;

/// <summary>What a client said, right in itself. Which fields are set depends on the type.</summary>
internal sealed class ClientMessage
{
    public required MessageType Type { get; init; }

    /// <summary>As the client encoded it, to be given back with the answer; empty = none.</summary>
    public byte[] Ref { get; init; } = [];

    /// <summary>The subscription that is meant; for a new one the name that its events carry.</summary>
    public string Sub { get; init; } = "";

    /// <summary>subscribe: filters.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    /// <summary>subscribe: the options that were given, named and written as in a URL.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Options { get; init; } = [];

    /// <summary>publish: where.</summary>
    public string Topic { get; init; } = "";

    /// <summary>publish: what.</summary>
    public byte[] Payload { get; init; } = [];

    /// <summary>publish: for the subscribers on MQTT; the hub keeps it before it answers, whatever it is.</summary>
    public QoS QoS { get; init; }

    /// <summary>publish: it stands for its topic from now on.</summary>
    public bool Retain { get; init; }
}

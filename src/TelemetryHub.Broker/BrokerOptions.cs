namespace TelemetryHub.Broker;

/// <summary>What the broker allows. Every bound has a reason code and a counter for what runs into it.</summary>
public sealed class BrokerOptions
{
    /// <summary>The largest packet taken from a client, and announced to MQTT 5 clients.</summary>
    public int MaxPacketBytes { get; init; } = 1 << 20;

    /// <summary>How many connections at once.</summary>
    public int MaxConnections { get; init; } = 100_000;

    /// <summary>How long a connection may take to say CONNECT and be let in.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest keep-alive; MQTT 5 clients that ask for more (or none) are told this one. Zero: as the client asks.</summary>
    public TimeSpan MaxKeepAlive { get; init; } = TimeSpan.Zero;

    /// <summary>How many QoS 1 and 2 deliveries to one client may be unacknowledged; MQTT 5 clients may ask for fewer.</summary>
    public int MaxInflight { get; init; } = 1000;

    /// <summary>How many QoS 1 and 2 publishes of one MQTT 5 client may be unacknowledged. Large, because mqtt.js does not look at it.</summary>
    public int ReceiveMaximum { get; init; } = 10_000;

    /// <summary>How many topic aliases an MQTT 5 client may set, and how many the hub sets towards one that allows it.</summary>
    public int TopicAliasMaximum { get; init; } = 32;

    /// <summary>How many messages may wait for one subscriber, in memory or in the log.</summary>
    public int MaxQueuedMessages { get; init; } = 1_000_000;

    /// <summary>How many bytes may wait in memory for one subscriber. What the log keeps does not count.</summary>
    public long MaxQueuedBytes { get; init; } = 64L << 20;

    /// <summary>How many subscriptions one client may have.</summary>
    public int MaxSubscriptionsPerClient { get; init; } = 1000;

    /// <summary>How many sessions there may be, connected or not.</summary>
    public int MaxSessions { get; init; } = 200_000;

    /// <summary>The longest client id.</summary>
    public int MaxClientIdBytes { get; init; } = 256;

    /// <summary>The longest topic name or filter.</summary>
    public int MaxTopicBytes { get; init; } = 1024;

    /// <summary>The most levels in a topic name or filter.</summary>
    public int MaxTopicLevels { get; init; } = 32;

    /// <summary>The bytes that retained messages may hold together.</summary>
    public long MaxRetainedBytes { get; init; } = 256L << 20;

    /// <summary>How long a session outlives its connection at most; also for MQTT 3 clients that ask for a persistent one.</summary>
    public TimeSpan MaxSessionExpiry { get; init; } = TimeSpan.FromDays(7);

    /// <summary>After how long without taking a single byte a subscriber is cut.</summary>
    public TimeSpan StalledTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often the <c>$SYS</c> topics are published; zero = never.</summary>
    public TimeSpan SysInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Where MQTT 5 clients are sent when the hub drains; empty = nowhere.</summary>
    public string ServerReference { get; init; } = "";

    /// <summary>New connections per second; 0 = unlimited.</summary>
    public int ConnectRate { get; init; }

    /// <summary>Publishes per second of one client, beyond which it is read more slowly; 0 = unlimited.</summary>
    public int MessageRate { get; init; }

    /// <summary>Bytes per second of one client, beyond which it is read more slowly; 0 = unlimited.</summary>
    public long ByteRate { get; init; }

    /// <summary>Whether a payload that its publisher calls UTF-8 is checked to be.</summary>
    public bool ValidatePayloadFormat { get; init; }

    /// <summary>Threads that serve plain TCP; 0 = half of the processors.</summary>
    public int Reactors { get; init; }
}

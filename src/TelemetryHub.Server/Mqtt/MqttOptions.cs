using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Mqtt;

/// <summary>MQTT listeners and limits: section <c>Mqtt</c>.</summary>
public sealed class MqttOptions : ICheckedOptions
{
    [Key("where MQTT is served")]
    public ListenList Listen { get; init; } = ListenList.Loopback(1883);

    [Key("where MQTT over TLS is served")]
    public ListenList TlsListen { get; init; } = [];

    [Key("certificate chain for TLS, PEM")]
    public FilePath TlsCertificate { get; init; }

    [Key("private key of the certificate, PEM")]
    public FilePath TlsKey { get; init; }

    [Key("expect a PROXY protocol header (v1 or v2) on every connection")]
    public bool ProxyProtocol { get; init; }

    // MQTT 5 §1.5.5: the four bytes of a remaining length end at 268,435,455.
    [Key("largest packet taken from a client", Min = "1KiB", Max = "268435455")]
    public ByteSize MaxPacketBytes { get; init; } = ByteSize.MiB(1);

    [Key("clients at the same time; more are refused", Min = "1")]
    public int MaxConnections { get; init; } = 100_000;

    [Key("time from the connection to a complete CONNECT", Min = "1s", Max = "10m")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    [Key("longest keep-alive; 0 = as the client asks", Max = "65535s")]
    public TimeSpan MaxKeepAlive { get; init; }

    [Key("QoS 1 and 2 messages on their way to one client", Min = "1", Max = "65535")]
    public int MaxInflight { get; init; } = 1000;

    [Key("QoS 1 and 2 messages on their way from one client", Min = "1", Max = "65535")]
    public int ReceiveMaximum { get; init; } = 10_000;

    [Key("topic aliases per direction and client", Min = "0", Max = "65535")]
    public int TopicAliasMaximum { get; init; } = 32;

    [Key("messages kept for one slow or absent client; then the oldest goes", Min = "1")]
    public int MaxQueuedMessages { get; init; } = 1_000_000;

    [Key("bytes of them in memory: of QoS 0, retained messages, and all of them without a journal", Min = "1KiB")]
    public ByteSize MaxQueuedBytes { get; init; } = ByteSize.MiB(64);

    [Key("sessions, of clients that are there and of those that are not", Min = "1")]
    public int MaxSessions { get; init; } = 200_000;

    [Key("longest client id", Min = "23", Max = "65535")]
    public ByteSize MaxClientIdBytes { get; init; } = new(256);

    [Key("subscriptions of one client", Min = "1")]
    public int MaxSubscriptionsPerClient { get; init; } = 1000;

    // MQTT 5 §1.5.4: a string is at most 65,535 bytes.
    [Key("longest topic or filter", Min = "1", Max = "65535")]
    public ByteSize MaxTopicBytes { get; init; } = ByteSize.KiB(1);

    [Key("most levels in a topic or filter", Min = "1", Max = "65535")]
    public int MaxTopicLevels { get; init; } = 32;

    [Key("bytes that all retained messages may take together", Min = "1KiB")]
    public ByteSize MaxRetainedBytes { get; init; } = ByteSize.MiB(256);

    [Key("check that a payload which its publisher calls UTF-8 is UTF-8 (MQTT 5)")]
    public bool ValidatePayloadFormat { get; init; }

    [Key("threads that serve plain TCP; 0 = half of the processors", Min = "0", Max = "256")]
    public int Reactors { get; init; }

    [Key("longest time that the session of an absent client is kept")]
    public TimeSpan MaxSessionExpiry { get; init; } = TimeSpan.FromDays(7);

    [Key("a client that takes nothing for this long is closed", Min = "1s")]
    public TimeSpan StalledTimeout { get; init; } = TimeSpan.FromSeconds(60);

    [Key("interval of the $SYS topics; 0 = none")]
    public TimeSpan SysInterval { get; init; } = TimeSpan.FromSeconds(10);

    [Key("server that clients are sent to when this one stops (MQTT 5)")]
    public string ServerReference { get; init; } = "";

    [Key("user names and SCRAM-SHA-256 verifiers")]
    public FilePath ScramFile { get; init; }

    [Key("new connections per second; 0 = any number", Min = "0")]
    public int ConnectRate { get; init; }

    [Key("messages per second from one client; 0 = any number", Min = "0")]
    public int MessageRate { get; init; }

    [Key("bytes per second from one client; 0 = any number")]
    public ByteSize ByteRate { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Check()
    {
        foreach (var problem in Security.TlsFiles.Check(TlsListen, TlsCertificate, TlsKey))
            yield return problem;

        if (!ScramFile.IsEmpty && !File.Exists(ScramFile.Value))
            yield return (nameof(ScramFile), $"there is no file '{ScramFile}'");
    }
}

using System.Net.WebSockets;
using TelemetryHub.Mqtt.Client.Authentication;

namespace TelemetryHub.Mqtt.Client;

/// <summary>Everything that an <see cref="MqttClient"/> can be told. Checked when the client is made; see <see cref="Validate"/>.</summary>
public sealed partial record MqttClientOptions
{
    public string Host { get; init; } = "localhost";

    /// <summary>0 means the transport's own port: 1883, 8883, 80 or 443.</summary>
    public int Port { get; init; }

    public MqttTransport Transport { get; init; }

    /// <summary>The path of the server's WebSocket.</summary>
    public string WebSocketPath { get; init; } = "/mqtt";

    public MqttTlsOptions Tls { get; init; } = new();

    /// <summary>Sets what the WebSocket's HTTP request needs beyond MQTT: headers, a proxy, cookies.</summary>
    public Action<ClientWebSocketOptions>? ConfigureWebSocket { get; init; }

    public MqttVersion Version { get; init; } = MqttVersion.V5;

    /// <summary>Empty means that the server assigns one (MQTT 5) or that the client makes a random one (3.x).</summary>
    public string ClientId { get; init; } = "";

    public string? UserName { get; init; }

    public ReadOnlyMemory<byte>? Password { get; init; }

    /// <summary>MQTT 5 enhanced authentication, for instance <see cref="ScramSha256Authentication"/>.</summary>
    public IMqttAuthentication? Authentication { get; init; }

    /// <summary>After so long without traffic the client pings. Zero turns pings off. The server may set another interval.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a ping may stay unanswered before the connection is given up.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Start without what the server kept of an earlier session. In MQTT 3.x it also means that the server keeps nothing when this connection ends; in
    /// MQTT 5 that is <see cref="SessionExpirySeconds"/>. A reconnect after a loss resumes where the version allows it.
    /// </summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>MQTT 5: how long the server keeps the session after the connection ended; uint.MaxValue means for ever.</summary>
    public uint SessionExpirySeconds { get; init; }

    /// <summary>MQTT 5: how many QoS 1 and 2 messages the server may have unacknowledged.</summary>
    public ushort ReceiveMaximum { get; init; } = ushort.MaxValue;

    /// <summary>The largest packet to accept. MQTT 5 servers are told and drop what is larger; from others it ends the connection.</summary>
    public int MaximumPacketBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>MQTT 5: how many topic aliases the server may use.</summary>
    public ushort TopicAliasMaximum { get; init; } = 64;

    /// <summary>MQTT 5: replace repeated topics by aliases on the way out, as many as the server allows.</summary>
    public bool UseTopicAliases { get; init; }

    public bool RequestResponseInformation { get; init; }

    /// <summary>False asks the server to leave reason strings and user properties out of its acks.</summary>
    public bool RequestProblemInformation { get; init; } = true;

    /// <summary>User properties of CONNECT.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    public MqttWill? Will { get; init; }

    public ReconnectPolicy Reconnect { get; init; } = new();

    /// <summary>From the first packet on the network to CONNACK, authentication included.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Ask for all subscriptions again when a reconnect finds no session.</summary>
    public bool Resubscribe { get; init; } = true;

    public SessionLossPolicy OnSessionLoss { get; init; } = SessionLossPolicy.PublishAgain;

    public AckMode AckMode { get; init; }

    /// <summary>How many received messages may wait for the application. When so many wait the socket is not read.</summary>
    public int MaximumWaitingMessages { get; init; } = 1000;

    /// <summary>
    /// How many QoS 1 and 2 publishes may be unacknowledged; more of them wait. An MQTT 5 server may allow fewer, and is heeded. Unset it is
    /// 1000 for MQTT 5 and 20 for 3.x, where a server cannot say what it takes: Mosquitto closes the connection at the 21st QoS 2 publish.
    /// </summary>
    public ushort? MaximumInFlight { get; init; }

    /// <summary>How many bytes may wait for the socket before publishes wait, too.</summary>
    public int MaximumPendingBytes { get; init; } = 256 * 1024;
}

using System.Security.Cryptography;
using TelemetryHub.Mqtt.Client.Connections;

namespace TelemetryHub.Mqtt.Client;

public sealed partial record MqttClientOptions
{
    // Packet ids are 16 bits; a few must stay free for SUBSCRIBE and UNSUBSCRIBE.
    internal const int MostInFlight = 65_000;

    /// <summary>mqtt://, mqtts://, ws:// or wss:// with host, port, path and, if wanted, user:password. Sets the properties that it names.</summary>
    public Uri? Uri
    {
        init
        {
            ArgumentNullException.ThrowIfNull(value);
            Transport = value.Scheme switch
            {
                "mqtt" or "tcp" => MqttTransport.Tcp,
                "mqtts" or "ssl" => MqttTransport.Tls,
                "ws" => MqttTransport.WebSocket,
                "wss" => MqttTransport.SecureWebSocket,
                _ => throw new ArgumentException($"The scheme '{value.Scheme}' is none of mqtt, mqtts, ws, wss.", nameof(Uri)),
            };
            Host = value.IdnHost;
            Port = Math.Max(value.Port, 0);
            if (value.AbsolutePath.Length > 1)
                WebSocketPath = value.PathAndQuery;
            ReadCredentials(value.UserInfo, out var user, out var password);
            UserName = user ?? UserName;
            Password = password ?? Password;
        }
    }

    internal int EffectivePort => Port > 0 ? Port : Transport switch
    {
        MqttTransport.Tls => 8883,
        MqttTransport.WebSocket => 80,
        MqttTransport.SecureWebSocket => 443,
        _ => 1883,
    };

    internal int EffectiveMaximumInFlight => MaximumInFlight ?? (Version == MqttVersion.V5 ? 1000 : 20);

    /// <summary>Throws <see cref="ArgumentException"/> naming the option that makes no sense.</summary>
    public void Validate()
    {
        ArgumentException.ThrowIfNullOrEmpty(Host);
        RequireBetween(Port, 0, 65535, nameof(Port));
        RequireBetween(KeepAlive.TotalSeconds, 0, ushort.MaxValue, nameof(KeepAlive));
        RequireBetween(ReceiveMaximum, 1, ushort.MaxValue, nameof(ReceiveMaximum));
        RequireBetween(MaximumPacketBytes, 16, 268_435_460, nameof(MaximumPacketBytes));
        RequireBetween(EffectiveMaximumInFlight, 1, MostInFlight, nameof(MaximumInFlight));
        RequireBetween(MaximumWaitingMessages, 1, int.MaxValue, nameof(MaximumWaitingMessages));
        RequireBetween(MaximumPendingBytes, 1, int.MaxValue / 4, nameof(MaximumPendingBytes));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PingTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        RequireText(ClientId, nameof(ClientId));
        RequireText(UserName, nameof(UserName));
        if (Password is { Length: > ushort.MaxValue })
            throw new ArgumentException("A password has at most 65,535 bytes.", nameof(Password));
        foreach (var property in UserProperties)
        {
            RequireText(property.Name, nameof(UserProperties));
            RequireText(property.Value, nameof(UserProperties));
        }
        ValidateForVersion();
        Will?.Validate();
        Tls.Validate();
        Reconnect.Validate();
    }

    /// <summary>The id to connect with before the server had a word: MQTT 3.x servers do not tell the id that they make up.</summary>
    internal string InitialClientId() =>
        ClientId.Length > 0 || Version == MqttVersion.V5 ? ClientId : $"hub-{RandomNumberGenerator.GetHexString(19, lowercase: true)}";

    private void ValidateForVersion()
    {
        if (!Enum.IsDefined(Version))
            throw new ArgumentOutOfRangeException(nameof(Version), Version, "The version is none of 3.1, 3.1.1 and 5.");
        if (Version == MqttVersion.V5)
            return;
        if (Authentication is not null)
            throw new ArgumentException("Enhanced authentication needs MQTT 5.", nameof(Authentication));
        if (Password is not null && UserName is null)
            throw new ArgumentException("In MQTT 3.x a password needs a user name.", nameof(Password));
        if (ClientId.Length == 0 && !CleanStart)
            throw new ArgumentException("A session that is to last needs a client id.", nameof(ClientId));
    }

    private static void ReadCredentials(string userInfo, out string? user, out ReadOnlyMemory<byte>? password)
    {
        (user, password) = (null, null);
        if (userInfo.Length == 0)
            return;
        var parts = userInfo.Split(':', 2);
        user = System.Uri.UnescapeDataString(parts[0]);
        if (parts.Length == 2)
            password = System.Text.Encoding.UTF8.GetBytes(System.Uri.UnescapeDataString(parts[1]));
    }


    private static void RequireText(string? text, string name)
    {
        if (text is not null)
            WireText.Encode(text, name);
    }

    private static void RequireBetween(double value, double least, double most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"{name} lies between {least} and {most}.");
    }
}

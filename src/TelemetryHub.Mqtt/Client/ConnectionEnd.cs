namespace TelemetryHub.Mqtt.Client;

/// <summary>Why a connection ended.</summary>
public sealed record ConnectionEnd(DisconnectCause Cause)
{
    /// <summary>What the server gave as reason in DISCONNECT or CONNACK, or what this client told the server.</summary>
    public ReasonCode Reason { get; init; }

    /// <summary>The server's words, when it gave any.</summary>
    public string? ReasonString { get; init; }

    /// <summary>Another server to use instead (MQTT 5 §4.13), when the server named one. The client does not follow it by itself.</summary>
    public string? ServerReference { get; init; }

    /// <summary>User properties of the server's DISCONNECT.</summary>
    public IReadOnlyList<UserProperty> UserProperties { get; init; } = [];

    /// <summary>What was wrong with the server's bytes, for <see cref="DisconnectCause.ProtocolViolated"/>.</summary>
    public ProtocolFault Fault { get; init; }

    /// <summary>The failure of the network or of the authentication, when there was one.</summary>
    public Exception? Error { get; init; }

    /// <summary>One line for a log.</summary>
    public string Describe()
    {
        var text = Reason == ReasonCode.Success ? Cause.ToString() : $"{Cause} ({Reason})";
        if (Fault != ProtocolFault.None)
            text += $": {Fault}";
        if (ReasonString is { Length: > 0 })
            text += $": {ReasonString}";
        return Error is null ? text : $"{text}: {Error.Message}";
    }
}

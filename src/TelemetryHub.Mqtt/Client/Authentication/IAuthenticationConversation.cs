namespace TelemetryHub.Mqtt.Client.Authentication;

/// <summary>
/// One conversation with a server. Calls come one after another. To refuse the server, throw
/// <see cref="MqttAuthenticationException"/>: the connection is closed and not tried again.
/// </summary>
public interface IAuthenticationConversation
{
    /// <summary>The authentication data of CONNECT; empty for none.</summary>
    ValueTask<ReadOnlyMemory<byte>> StartAsync(CancellationToken cancellationToken);

    /// <summary>The answer to the server's AUTH.</summary>
    ValueTask<ReadOnlyMemory<byte>> RespondAsync(ReadOnlyMemory<byte> challenge, CancellationToken cancellationToken);

    /// <summary>The server accepted; its last data, maybe empty, may prove that it was the right one.</summary>
    ValueTask CompleteAsync(ReadOnlyMemory<byte> finalData, CancellationToken cancellationToken);
}

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>An open way to the server: bytes in both directions, whatever carries them.</summary>
internal sealed class Transport(Stream stream, Func<CancellationToken, ValueTask> closeSending) : IAsyncDisposable
{
    public Stream Stream { get; } = stream;

    /// <summary>Whether the stream can wait for data without a buffer in hand; idle connections then hold none.</summary>
    public bool CanWaitWithoutBuffer { get; init; }

    /// <summary>Tells the peer that no more bytes come, so that it reads what was sent before the connection goes away.</summary>
    public ValueTask CloseSendingAsync(CancellationToken cancellationToken) => closeSending(cancellationToken);

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}

using TelemetryHub.Mqtt.Client.Authentication;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>Authentication anew on a connection that stands (MQTT 5 §4.12.1), one at a time.</summary>
internal sealed class Reauthentication(IMqttAuthentication? authentication, Outbox outbox)
{
    private readonly Lock _gate = new(); // guards _done
    private TaskCompletionSource? _done;
    private IAuthenticationConversation? _conversation;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (authentication is null)
            throw new InvalidOperationException("The client was made without enhanced authentication.");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_done is { Task.IsCompleted: false })
                throw new InvalidOperationException("An authentication is going on already.");
            _done = done;
        }

        _conversation = authentication.Begin();
        var first = await _conversation.StartAsync(cancellationToken).ConfigureAwait(false);
        Write(ReasonCode.ReAuthenticate, first);
        await done.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The server's AUTH. Called by the reading loop. Throws when there is nothing to authenticate, or when the server is not accepted.</summary>
    public async ValueTask OnAuthAsync(ReasonCode reason, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_conversation is not { } conversation || _done is not { } done)
            throw FailedConnection.Violated(ReasonCode.ProtocolError);
        if (reason == ReasonCode.ContinueAuthentication)
        {
            Write(reason, await conversation.RespondAsync(data, cancellationToken).ConfigureAwait(false));
            return;
        }

        await conversation.CompleteAsync(data, cancellationToken).ConfigureAwait(false);
        _conversation = null;
        done.TrySetResult();
    }

    public void Fail(Exception error)
    {
        lock (_gate)
            _done?.TrySetException(error);
    }

    private void Write(ReasonCode reason, ReadOnlyMemory<byte> data) =>
        outbox.Write((output, _) => AuthWriting.Write(output, reason, authentication!.Method, data.Span));
}

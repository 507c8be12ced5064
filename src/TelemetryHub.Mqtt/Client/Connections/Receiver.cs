using System.Buffers;
using System.IO.Pipelines;
using TelemetryHub.Mqtt.Client.Sessions;
using TelemetryHub.Mqtt.Packets;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>The reading loop of one connection: socket to packets to the application. It reads no faster than the application takes.</summary>
internal sealed class Receiver(MqttClientOptions options, Connection connection, PacketDispatch dispatch, Inbox inbox)
{
    /// <summary>Ends with the connection; never fails.</summary>
    public async Task RunAsync(PipeReader reader)
    {
        try
        {
            while (await ReadOnceAsync(reader).ConfigureAwait(false))
            {
            }

            connection.End(new ConnectionEnd(DisconnectCause.ConnectionClosed));
        }
        catch (Exception e) // a bug must end the connection, too, and be seen: it becomes the reason
        {
            connection.End(FailedConnection.EndOf(e));
        }
        finally
        {
            await reader.CompleteAsync().ConfigureAwait(false);
        }
    }

    private async Task<bool> ReadOnceAsync(PipeReader reader)
    {
        var result = await reader.ReadAsync().ConfigureAwait(false);
        connection.NoteReceived();
        var rest = result.Buffer;

        // Once the connection has its end, what still comes is read only so that the goodbye is not lost; see SayGoodbyeAsync.
        if (connection.Ended.IsCompleted)
            rest = rest.Slice(rest.End);
        while (TryTake(ref rest, out var incoming))
        {
            if (!await FollowAsync(incoming).ConfigureAwait(false))
            {
                rest = rest.Slice(rest.End);
                break;
            }
        }

        reader.AdvanceTo(rest.Start, rest.End);
        await connection.Outbox.WaitForRoomAsync().ConfigureAwait(false);
        return !result.IsCompleted;
    }

    private bool TryTake(ref ReadOnlySequence<byte> rest, out Incoming incoming)
    {
        incoming = default;
        var status = Framing.TryReadPacket(ref rest, options.MaximumPacketBytes, out var header, out var body, out var fault);
        if (status == ReadStatus.NeedMore)
            return false;
        if (status == ReadStatus.Malformed)
        {
            incoming = PacketDispatch.Violation(fault);
            return true;
        }

        if (body.IsSingleSegment)
        {
            incoming = dispatch.Take(header, body.FirstSpan);
            return true;
        }

        var joined = ArrayPool<byte>.Shared.Rent(header.BodyBytes);
        body.CopyTo(joined);
        incoming = dispatch.Take(header, joined.AsSpan(0, header.BodyBytes));
        ArrayPool<byte>.Shared.Return(joined);
        return true;
    }

    /// <summary>False when nothing more is to be done with this connection's packets.</summary>
    private ValueTask<bool> FollowAsync(in Incoming incoming)
    {
        if (incoming.Message is { } message)
        {
            if (!inbox.TryDeliver(message))
                return HandOverAsync(message);
            AcknowledgeIfAutomatic(message);
        }
        else if (incoming.End is { } end)
        {
            return EndAsync(end);
        }
        else if (incoming.Auth is { } step)
        {
            return AuthenticateAsync(step);
        }

        return ValueTask.FromResult(true);
    }

    private async ValueTask<bool> HandOverAsync(ReceivedMessage message)
    {
        connection.IsHeldBack = true;
        try
        {
            await inbox.DeliverAsync(message, connection.Stopping).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException or System.Threading.Channels.ChannelClosedException)
        {
            inbox.Withdraw(message);
            return false;
        }
        finally
        {
            connection.NoteReceived();
            connection.IsHeldBack = false;
        }

        AcknowledgeIfAutomatic(message);
        return true;
    }

    private void AcknowledgeIfAutomatic(ReceivedMessage message)
    {
        if (options.AckMode == AckMode.Automatic && message.QoS != QoS.AtMostOnce)
            inbox.Acknowledge(message);
    }

    private ValueTask<bool> EndAsync(ConnectionEnd end)
    {
        if (end.Cause == DisconnectCause.ProtocolViolated)
            connection.EndWithDisconnect(end);
        else
            connection.End(end);
        return ValueTask.FromResult(false);
    }

    private async ValueTask<bool> AuthenticateAsync(AuthStep step)
    {
        try
        {
            await connection.Reauthentication.OnAuthAsync(step.Reason, step.Data, connection.Stopping).ConfigureAwait(false);
            return true;
        }
        catch (MqttException e)
        {
            return await EndAsync(FailedConnection.EndOf(e)).ConfigureAwait(false);
        }
    }
}

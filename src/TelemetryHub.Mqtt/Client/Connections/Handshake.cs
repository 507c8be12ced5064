using System.Buffers;
using System.IO.Pipelines;
using TelemetryHub.Mqtt.Client.Authentication;
using TelemetryHub.Mqtt.Packets;
using TelemetryHub.Mqtt.Properties;

namespace TelemetryHub.Mqtt.Client.Connections;

/// <summary>From CONNECT to CONNACK, with the AUTH packets in between (MQTT 5 §4.12).</summary>
internal sealed class Handshake(MqttClientOptions options, Stream stream, PipeReader reader)
{
    private readonly OutboundBuffer _output = new();

    /// <summary>Throws what <see cref="FailedConnection"/> knows.</summary>
    public async Task<ConnectResult> RunAsync(ConnectAttempt attempt, CancellationToken cancellationToken)
    {
        var conversation = options.Authentication?.Begin();
        var authData = conversation is null ? default : await conversation.StartAsync(cancellationToken).ConfigureAwait(false);
        ConnectWriting.Write(_output, options, attempt, authData.Span);
        await SendAsync(cancellationToken).ConfigureAwait(false);

        while (true)
        {
            var packet = await ReadAsync(cancellationToken).ConfigureAwait(false);
            switch (packet.Header.Type)
            {
                case PacketType.ConnAck:
                    var result = ReadConnAck(packet, attempt, out var finalData);
                    if (conversation is not null)
                        await conversation.CompleteAsync(finalData, cancellationToken).ConfigureAwait(false);
                    return result;
                case PacketType.Auth when conversation is not null:
                    var answer = await conversation.RespondAsync(ReadChallenge(packet), cancellationToken).ConfigureAwait(false);
                    AuthWriting.Write(_output, ReasonCode.ContinueAuthentication, options.Authentication!.Method, answer.Span);
                    await SendAsync(cancellationToken).ConfigureAwait(false);
                    break;
                case PacketType.Disconnect when options.Version == MqttVersion.V5:
                    throw new MqttDisconnectedException("The server disconnected", DisconnectReading.ToEnd(packet.Header.Flags, packet.Body));
                default:
                    throw FailedConnection.Violated(ReasonCode.ProtocolError);
            }
        }
    }

    private ConnectResult ReadConnAck(ReceivedPacket packet, ConnectAttempt attempt, out byte[] finalData)
    {
        var fault = ConnAckPacket.TryRead(packet.Header.Flags, packet.Body, options.Version, out var connAck);
        if (fault != ProtocolFault.None)
            throw FailedConnection.Violated(fault);
        var result = connAck.ToResult(options, attempt);
        if (result.Reason != ReasonCode.Success)
            throw new MqttRefusedException(result);
        finalData = connAck.Properties.TryGetBytes(PropertyId.AuthenticationData, out var data) ? data.ToArray() : [];
        return result;
    }

    private static byte[] ReadChallenge(ReceivedPacket packet)
    {
        var fault = AuthPacket.TryRead(packet.Header.Flags, packet.Body, MqttVersion.V5, out var auth);
        if (fault != ProtocolFault.None)
            throw FailedConnection.Violated(fault);
        return auth.Properties.TryGetBytes(PropertyId.AuthenticationData, out var data) ? data.ToArray() : [];
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_output.Written, cancellationToken).ConfigureAwait(false);
        _output.Clear();
    }

    private async ValueTask<ReceivedPacket> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            if (TryTake(result.Buffer, out var packet))
                return packet;
            if (result.IsCompleted)
                throw new MqttDisconnectedException("No CONNACK came", new ConnectionEnd(DisconnectCause.ConnectionClosed));
        }
    }

    private bool TryTake(ReadOnlySequence<byte> buffer, out ReceivedPacket packet)
    {
        var status = Framing.TryReadPacket(ref buffer, options.MaximumPacketBytes, out var header, out var body, out var fault);
        packet = status == ReadStatus.Complete ? new ReceivedPacket(header, body.ToArray()) : null!;
        if (status == ReadStatus.Malformed)
            throw FailedConnection.Violated(fault);
        reader.AdvanceTo(buffer.Start, status == ReadStatus.Complete ? buffer.Start : buffer.End);
        return status == ReadStatus.Complete;
    }
}

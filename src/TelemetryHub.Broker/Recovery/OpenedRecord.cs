namespace TelemetryHub.Broker.Recovery;

/// <summary>A connection holds a session now.</summary>
/// <param name="Number">The session.</param>
/// <param name="ClientId">Whose it is.</param>
/// <param name="User">Who holds it.</param>
/// <param name="ExpirySeconds">How long it outlives the connection.</param>
/// <param name="Window">How many deliveries may be unacknowledged.</param>
/// <param name="IsNew">It was not there before; an older one of the client id is over.</param>
/// <param name="Will">The will of this connection.</param>
internal sealed record OpenedRecord(uint Number, string ClientId, string? User, uint ExpirySeconds, int Window, bool IsNew, WillImage? Will)
{
    private const int NewFlag = 1, UserFlag = 2, WillFlag = 4;

    public void Write(ref RecordWriter writer)
    {
        writer.Byte((byte)SessionRecordKind.Opened);
        writer.Number(Number);
        writer.Byte((byte)((IsNew ? NewFlag : 0) | (User is null ? 0 : UserFlag) | (Will is null ? 0 : WillFlag)));
        writer.Number(ExpirySeconds);
        writer.Number(Window);
        writer.Text(ClientId);
        if (User is not null)
            writer.Text(User);
        Will?.Write(ref writer);
    }

    /// <summary>Reads what follows the kind.</summary>
    public static OpenedRecord Read(ref RecordReader reader)
    {
        var number = reader.SessionNumber();
        var flags = reader.Flags(highest: WillFlag);
        var expiry = reader.SmallNumber();
        var window = (int)Math.Min(reader.SmallNumber(), int.MaxValue);
        var clientId = reader.Text();
        var user = (flags & UserFlag) != 0 ? reader.Text() : null;
        var will = (flags & WillFlag) != 0 ? WillImage.Read(ref reader) : null;
        reader.End();
        return new OpenedRecord(number, clientId, user, expiry, window, (flags & NewFlag) != 0, will);
    }
}

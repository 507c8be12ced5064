using TelemetryHub.Broker.Recovery;
using TelemetryHub.Broker.Tests.Harness;

namespace TelemetryHub.Broker.Tests.Recovery;

internal static class KeepingLogExtensions
{
    /// <summary>The appends from one place to another, taken into account by an image.</summary>
    public static void Replay(this KeepingLog log, SessionsImage image, int from = 0, int to = int.MaxValue)
    {
        foreach (var (@event, record, _) in log.Appends.Take(to).Skip(from))
        {
            if (record is not null)
                image.Apply(record);
            else if (@event is { Session: not 0 })
                image.Received(@event.Session, @event.PacketId);
        }
    }

    /// <summary>The records, without the events.</summary>
    public static byte[][] Records(this KeepingLog log) => [.. log.Appends.Select(append => append.Record).OfType<byte[]>()];
}

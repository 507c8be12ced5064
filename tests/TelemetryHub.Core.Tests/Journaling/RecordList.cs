using System.Text;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling;

/// <summary>An image that is the list of its records; one that comes again changes nothing.</summary>
internal sealed class RecordList : IStateImage
{
    public StatePart Part => StatePart.Sessions;

    public List<string> Records { get; } = [];

    public List<(uint Session, ushort PacketId)> Taken { get; } = [];

    public void Apply(ReadOnlySpan<byte> record)
    {
        var text = Encoding.UTF8.GetString(record);
        if (!Records.Contains(text))
            Records.Add(text);
    }

    public void Received(uint session, ushort packetId) => Taken.Add((session, packetId));

    public void Write(SnapshotBlock write) => Records.ForEach(record => write(Encoding.UTF8.GetBytes(record)));

    public void Read(ReadOnlySpan<byte> block) => Records.Add(Encoding.UTF8.GetString(block));
}

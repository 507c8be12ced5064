using System.Text;
using TelemetryHub.Core.Log;

namespace TelemetryHub.Core.Tests.Journaling;

/// <summary>An image that notes what it is told, in order.</summary>
internal sealed class OrderedImage : IStateImage
{
    public StatePart Part => StatePart.Sessions;

    public List<string> Seen { get; } = [];

    public void Apply(ReadOnlySpan<byte> record) => Seen.Add(Encoding.UTF8.GetString(record));

    public void Received(uint session, ushort packetId) => Seen.Add($"{session}:{packetId}");

    public void Write(SnapshotBlock write) => Seen.ForEach(seen => write(Encoding.UTF8.GetBytes(seen)));

    public void Read(ReadOnlySpan<byte> block) => Seen.Add(Encoding.UTF8.GetString(block));
}

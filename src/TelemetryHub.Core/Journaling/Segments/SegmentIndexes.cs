using System.Diagnostics.CodeAnalysis;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Journaling.Segments;

internal sealed class SegmentIndexes(IDisk disk, string directory)
{
    public bool TryOpen(long number, string path, [NotNullWhen(true)] out Segment? segment)
    {
        _ = (disk, directory, number, path);
        segment = null;
        return false;
    }

    public void TryMake(Segment segment) => _ = (disk, segment);

    public void Make() => _ = disk;
}

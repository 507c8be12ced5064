using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>What retention had left of a journal, told by the segments that were made and deleted.</summary>
internal static class OldestKept
{
    /// <summary>The first sequence of the oldest segment that had not been deleted; 0 when none had.</summary>
    public static long At(SimulatedDisk disk, int position)
    {
        var segments = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var isDropped = false;
        foreach (var operation in disk.Operations(position).Where(operation => operation.Path.EndsWith(".segment", StringComparison.Ordinal)))
        {
            if (operation.Kind == DiskOperationKind.Write && operation.Offset == 0 && SegmentHeader.TryRead(operation.Bytes, out var header))
                segments[operation.Path] = header.FirstSequence;
            else if (operation.Kind == DiskOperationKind.Delete)
                isDropped |= segments.Remove(operation.Path);
        }
        return isDropped ? segments.First().Value : 0;
    }
}

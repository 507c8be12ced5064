using TelemetryHub.Core.Journaling.Format;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.PowerCuts;

/// <summary>What retention had left of a journal, told by the segments that were made and deleted.</summary>
/// <param name="Sequence">The first sequence of the oldest segment that had not been deleted; 0 when none had.</param>
/// <param name="MayReturn">Whether one that was deleted may come back before others that stay deleted, for the sync of the directory had failed.</param>
internal readonly record struct OldestKept(long Sequence, bool MayReturn)
{
    public static OldestKept At(SimulatedDisk disk, int position)
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
        return new OldestKept(
            isDropped ? segments.First().Value : 0,
            disk.Operations(position).Any(operation => operation is { Kind: DiskOperationKind.SyncFailed, File: 0 }));
    }
}

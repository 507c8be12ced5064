namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>How far each of the operations on a disk has got, when it ends after the last of them.</summary>
internal sealed class SafetyMap
{
    private readonly Safety[] _of;
    private readonly Dictionary<int, List<int>> _changes = []; // of each file
    private readonly Dictionary<string, List<int>> _pendingNames = []; // of each directory
    private readonly Dictionary<int, List<int>> _pendingChanges = []; // of each file

    public SafetyMap(IReadOnlyList<DiskOperation> operations)
    {
        _of = new Safety[operations.Count];
        for (var i = 0; i < operations.Count; i++)
            Take(i, operations[i]);
    }

    public Safety Of(int index) => _of[index];

    /// <summary>The operations on the content of a file.</summary>
    public IReadOnlyList<int> ChangesOf(int file) => _changes.GetValueOrDefault(file) ?? [];

    private void Take(int index, DiskOperation operation)
    {
        if (operation.Kind == DiskOperationKind.CreateDirectory)
        {
            _of[index] = Safety.Safe;
        }
        else if (operation.ChangesNames)
        {
            In(_pendingNames, Path.GetDirectoryName(operation.Path)!).Add(index);
        }
        else if (operation.ChangesFile)
        {
            In(_changes, operation.File).Add(index);
            In(_pendingChanges, operation.File).Add(index);
        }
        else if (operation.Kind != DiskOperationKind.SyncBegun)
        {
            var covered = operation.File == 0 ? In(_pendingNames, operation.Path) : In(_pendingChanges, operation.File);
            End(covered, operation.Began, operation.Kind == DiskOperationKind.Synced ? Safety.Safe : Safety.Doubtful);
        }
    }

    private void End(List<int> pending, int began, Safety safety)
    {
        foreach (var index in pending.Where(index => index < began))
            _of[index] = safety;
        pending.RemoveAll(index => index < began);
    }

    private static List<int> In<TKey>(Dictionary<TKey, List<int>> lists, TKey key)
        where TKey : notnull
    {
        if (!lists.TryGetValue(key, out var list))
            lists[key] = list = [];
        return list;
    }
}

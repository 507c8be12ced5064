namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>
/// What can be left of a disk when the power goes after some operation. What a completed sync covers is there exactly. Of what came since, each
/// write is there, or not, or in part, by sectors and whatever became of the others; the length of a file is anywhere between; names made, renamed
/// and removed have been or have not, but per name in order and a rename as a whole, as every journaling file system has it.
/// </summary>
public sealed class PowerCut
{
    private readonly DiskImage _start;
    private readonly IReadOnlyList<DiskOperation> _operations;
    private readonly SafetyMap _safety;
    private readonly Random _random;
    private readonly double _likely; // that a change has reached the disk: some cuts keep nothing, some everything

    private PowerCut(SimulatedDisk disk, int position, int seed)
    {
        _start = disk.Start;
        _operations = disk.Operations(position);
        _safety = new SafetyMap(_operations);
        _random = new Random(seed);
        _likely = _random.Next(4) switch { 0 => 0, 1 => 1, 2 => 0.5, _ => _random.NextDouble() };
    }

    /// <summary>The disk after a power cut when it had come to this position. The same seed, the same disk.</summary>
    public static SimulatedDisk After(SimulatedDisk disk, int position, int seed) => new PowerCut(disk, position, seed).Left();

    /// <summary>
    /// The disk after the process was killed at this position: everything written is there, though not synced, so that a power cut of what is
    /// returned can still take it.
    /// </summary>
    public static SimulatedDisk Killed(SimulatedDisk disk, int position)
    {
        var operations = disk.Operations(position);
        var now = disk.Start.Copy();
        foreach (var operation in operations)
            now.Apply(operation);
        return new SimulatedDisk(disk.Start, operations, now);
    }

    private SimulatedDisk Left()
    {
        var left = _start.Copy();
        left.Contents.Clear();
        ApplyNames(left);
        foreach (var file in left.Names.Values)
        {
            var content = new CutFile(_start.Contents.GetValueOrDefault(file), _random, _likely);
            foreach (var change in _safety.ChangesOf(file))
                content.Take(_operations[change], _safety.Of(change));
            left.Contents[file] = content.Left();
        }
        return new SimulatedDisk(left);
    }

    private void ApplyNames(DiskImage left)
    {
        var certain = CertainNameChanges();
        var lost = new HashSet<string>(); // names whose changes stop here
        for (var i = 0; i < _operations.Count; i++)
        {
            var operation = _operations[i];
            if (!operation.ChangesNames)
                continue;
            if (certain.Contains(i) || (!NamesOf(operation).Any(lost.Contains) && _random.NextDouble() < _likely))
                left.ApplyToNames(operation);
            else
                lost.UnionWith(NamesOf(operation));
        }
    }

    // What is safe, and what came before it under the same names.
    private HashSet<int> CertainNameChanges()
    {
        var certain = new HashSet<int>();
        var names = new HashSet<string>();
        for (var i = _operations.Count - 1; i >= 0; i--)
        {
            var operation = _operations[i];
            if (!operation.ChangesNames || (_safety.Of(i) != Safety.Safe && !NamesOf(operation).Any(names.Contains)))
                continue;
            certain.Add(i);
            names.UnionWith(NamesOf(operation));
        }
        return certain;
    }

    private static string[] NamesOf(DiskOperation operation) =>
        operation.NewPath == "" ? [operation.Path] : [operation.Path, operation.NewPath];
}

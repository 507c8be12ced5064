namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>What is on a <see cref="SimulatedDisk"/>: directories, names of files by path, and the files by number.</summary>
internal sealed record DiskImage(HashSet<string> Directories, SortedDictionary<string, int> Names, Dictionary<int, SimulatedContent> Contents)
{
    public DiskImage Copy() => new(
        [.. Directories],
        new SortedDictionary<string, int>(Names, StringComparer.Ordinal),
        Contents.ToDictionary(file => file.Key, file => file.Value.Clone()));

    public void Apply(DiskOperation operation)
    {
        if (operation.Kind == DiskOperationKind.Create)
            Contents[operation.File] = new SimulatedContent();
        if (operation.ChangesNames)
            ApplyToNames(operation);
        else if (operation.ChangesFile)
            Contents[operation.File].Apply(operation);
    }

    public void ApplyToNames(DiskOperation operation)
    {
        if (operation.Kind == DiskOperationKind.CreateDirectory)
            Directories.Add(operation.Path);
        if (operation.Kind is DiskOperationKind.Rename or DiskOperationKind.Delete && Names.GetValueOrDefault(operation.Path) == operation.File)
            Names.Remove(operation.Path);
        if (operation.Kind == DiskOperationKind.Create)
            Names[operation.Path] = operation.File;
        if (operation.Kind == DiskOperationKind.Rename)
            Names[operation.NewPath] = operation.File;
    }
}

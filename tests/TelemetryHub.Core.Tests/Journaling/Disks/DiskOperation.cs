namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>One thing that was done to a <see cref="SimulatedDisk"/>: what it did, so a write that failed half way stands with its half.</summary>
public sealed record DiskOperation(DiskOperationKind Kind, string Path)
{
    /// <summary>The file, whatever its name is later; 0 for a directory.</summary>
    public int File { get; init; }

    /// <summary>Of a rename.</summary>
    public string NewPath { get; init; } = "";

    /// <summary>Of a write: where; of <see cref="DiskOperationKind.SetLength"/> and <see cref="DiskOperationKind.Allocate"/>: how long.</summary>
    public long Offset { get; init; }

    /// <summary>Of a write.</summary>
    public byte[] Bytes { get; init; } = [];

    /// <summary>Of the end of a sync: the index of its <see cref="DiskOperationKind.SyncBegun"/>. It covers what stands before that.</summary>
    public int Began { get; init; }

    public bool ChangesNames => Kind
        is DiskOperationKind.CreateDirectory or DiskOperationKind.Create or DiskOperationKind.Rename or DiskOperationKind.Delete;

    public bool ChangesFile => Kind is DiskOperationKind.Write or DiskOperationKind.SetLength or DiskOperationKind.Allocate;

    public override string ToString() => Kind switch
    {
        DiskOperationKind.Write => $"write {Bytes.Length} at {Offset} of {Path}",
        DiskOperationKind.Rename => $"rename {Path} to {NewPath}",
        DiskOperationKind.SetLength or DiskOperationKind.Allocate => $"{Kind} {Offset} of {Path}",
        _ => $"{Kind} {Path}",
    };
}

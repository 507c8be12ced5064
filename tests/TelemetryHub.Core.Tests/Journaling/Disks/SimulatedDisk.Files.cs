namespace TelemetryHub.Core.Tests.Journaling.Disks;

/// <summary>What its open files do.</summary>
public sealed partial class SimulatedDisk
{
    internal long LengthOf(SimulatedFile file)
    {
        lock (_gate)
        {
            MustBeThere(file.Path);
            file.MustBeOpen();
            return file.Content.Length;
        }
    }

    internal int Read(SimulatedFile file, long offset, Span<byte> into)
    {
        lock (_gate)
        {
            MustBeThere(file.Path);
            file.MustBeOpen();
            MustBeReadable(file.Path);
            var rest = file.Content.Span[(int)Math.Min(offset, file.Content.Length)..];
            var count = Math.Min(rest.Length, into.Length);
            rest[..count].CopyTo(into);
            return count;
        }
    }

    internal void Write(SimulatedFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            MustBeWritable(file);
            var room = Take(file.File, offset + bytes.Length);
            var written = bytes[..(int)Math.Clamp(room - offset, 0, bytes.Length)];
            file.Content.Write((int)offset, written);
            if (written.Length > 0)
                Record(new DiskOperation(DiskOperationKind.Write, file.Path) { File = file.File, Offset = offset, Bytes = written.ToArray() });
            if (written.Length < bytes.Length)
                throw Full(file.Path);
        }
    }

    internal void SetLength(SimulatedFile file, long length)
    {
        lock (_gate)
        {
            MustBeWritable(file);
            GiveBack(file.File, length);
            file.Content.SetLength((int)length);
            Record(new DiskOperation(DiskOperationKind.SetLength, file.Path) { File = file.File, Offset = length });
        }
    }

    internal void Allocate(SimulatedFile file, long length)
    {
        lock (_gate)
        {
            MustBeWritable(file);
            var room = Math.Min(Take(file.File, length), length); // as ext4 does, which leaves the part that it found room for
            if (room > file.Content.Length)
            {
                file.Content.SetLength((int)room);
                Record(new DiskOperation(DiskOperationKind.Allocate, file.Path) { File = file.File, Offset = room });
            }
            if (room < length)
                throw Full(file.Path);
        }
    }

    internal void Sync(SimulatedFile file)
    {
        lock (_gate)
        {
            MustBeThere(file.Path);
            file.MustBeOpen();
        }
        SyncAs(file.File, file.Path);
    }

    internal void Closed(SimulatedFile file)
    {
        lock (_gate)
            _open.Remove(file);
    }

    private void MustBeWritable(SimulatedFile file)
    {
        MustBeThere(file.Path);
        file.MustBeWritable();
        MustBeWritable(file.Path);
    }
}

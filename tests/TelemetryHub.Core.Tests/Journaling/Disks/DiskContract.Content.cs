using FsCheck;
using FsCheck.Fluent;
using TelemetryHub.Core.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling.Disks;

public abstract partial class DiskContract
{
    [Fact]
    public void A_read_gives_what_there_is_from_its_offset_and_nothing_behind_the_end()
    {
        using var file = Disk.Create(PathOf("one"));
        file.Write(0, "0123456789"u8);
        var into = new byte[8];
        file.Read(6, into).ShouldBe(4);
        into.ShouldBe("6789\0\0\0\0"u8.ToArray());
        file.Read(10, into).ShouldBe(0);
        file.Read(1_000, into).ShouldBe(0);
    }

    [Fact]
    public void Who_reads_a_file_sees_what_is_written_to_it_meanwhile()
    {
        using var writer = Disk.Create(PathOf("one"));
        using var reader = Disk.Open(PathOf("one"));
        reader.Length.ShouldBe(0);
        writer.Write(0, "first"u8);
        ReadAll(reader).ShouldBe("first"u8.ToArray());
        writer.Write(5, " second"u8);
        writer.Sync();
        ReadAll(reader).ShouldBe("first second"u8.ToArray());
        writer.SetLength(2);
        ReadAll(reader).ShouldBe("fi"u8.ToArray());
    }

    [Fact]
    public void A_file_opened_to_be_read_cannot_be_written()
    {
        Write("one", "kept"u8);
        using var file = Disk.Open(PathOf("one"));
        Should.Throw<IOException>(() => file.Write(0, "lost"u8)).Message.ShouldContain(PathOf("one"));
        Should.Throw<IOException>(() => file.SetLength(0)).Message.ShouldContain(PathOf("one"));
        ReadAll(file).ShouldBe("kept"u8.ToArray());
    }

    [Fact]
    public void An_allocated_file_has_the_length_and_its_content_and_zeros_behind_it()
    {
        using var file = Disk.Create(PathOf("one"));
        file.Write(0, "kept"u8);
        file.Allocate(100_000);
        Assert.SkipWhen(file.Length == 4, "The file system cannot allocate.");
        ReadAll(file).ShouldBe([.. "kept"u8, .. new byte[99_996]]);
        file.Allocate(50_000);
        file.Length.ShouldBe(100_000);
        file.SetLength(4);
        ReadAll(file).ShouldBe("kept"u8.ToArray());
    }

    [Fact]
    public void A_file_holds_what_an_array_of_bytes_would_after_any_writes_and_lengths()
    {
        var names = 0;
        var step =
            from offset in Gen.Choose(0, 5_000)
            from length in Gen.Choose(0, 3_000)
            from cut in Gen.Frequency((1, Gen.Constant(true)), (3, Gen.Constant(false)))
            select (offset, length, cut);
        Prop.ForAll(step.ListOf().ToArbitrary(), steps =>
        {
            using var file = Disk.Create(PathOf($"{names++}"));
            byte[] model = [];
            var value = (byte)0;
            foreach (var (offset, length, cut) in steps)
                model = cut ? Cut(file, model, offset) : Written(file, model, offset, Filled(length, ++value));
            return ReadAll(file).AsSpan().SequenceEqual(model);
        }).QuickCheckThrowOnFailure();
    }

    private static byte[] Filled(int length, byte value)
    {
        var bytes = new byte[length];
        bytes.AsSpan().Fill(value);
        return bytes;
    }

    private static byte[] Cut(IDiskFile file, byte[] model, int length)
    {
        file.SetLength(length);
        Array.Resize(ref model, length);
        return model;
    }

    private static byte[] Written(IDiskFile file, byte[] model, int offset, byte[] bytes)
    {
        file.Write(offset, bytes);
        if (bytes.Length > 0)
            Array.Resize(ref model, Math.Max(model.Length, offset + bytes.Length));
        bytes.CopyTo(model.AsSpan(Math.Min(offset, model.Length)));
        return model;
    }
}

using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Core.Tests.Journaling.Disks;

namespace TelemetryHub.Core.Tests.Journaling;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LocalDisk _disk = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_epoch_is_made_once_and_the_same_ever_after()
    {
        string first;
        using (var directory = Open("data"))
        {
            first = directory.Epoch;
            first.ShouldMatch("^[0-9a-z]{12}$");
            directory.Path.ShouldBe(_folder["data"]);
            directory.JournalPath.ShouldBe(_folder["data/journal"]);
            Directory.Exists(directory.JournalPath).ShouldBeTrue();
        }
        using (var again = Open("data"))
            again.Epoch.ShouldBe(first);
        using var other = Open("other");
        other.Epoch.ShouldNotBe(first);
    }

    [Fact]
    public void A_directory_in_use_is_refused_with_the_process_that_has_it()
    {
        using (Open("data"))
        {
            var refused = Should.Throw<DataDirectoryInUseException>(() => Open("data"));
            if (OperatingSystem.IsLinux())
                refused.ProcessId.ShouldBe(Environment.ProcessId);
            refused.Message.ShouldContain($"'{_folder["data"]}' is in use by");
        }
        Open("data").Dispose();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("short\n")]
    [InlineData("UPPERCASE123\n")]
    [InlineData("0123456789ab0123456789ab\n")]
    [InlineData("0123456789ab\nx")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0")]
    public void A_damaged_epoch_is_told_and_never_replaced(string content)
    {
        Open("data").Dispose();
        File.WriteAllText(_folder["data/epoch"], content);
        for (var i = 0; i < 2; i++)
        {
            Should.Throw<InvalidDataException>(() => Open("data")).Message
                .ShouldContain($"{_folder["data/epoch"]}', which names the log, is damaged");
        }
        File.ReadAllText(_folder["data/epoch"]).ShouldBe(content);
    }

    [Fact]
    public void An_epoch_that_is_missing_beside_a_journal_is_told_and_never_replaced()
    {
        Open("data").Dispose();
        File.WriteAllText(_folder["data/journal/0000000001.segment"], "");
        File.Delete(_folder["data/epoch"]);
        Should.Throw<InvalidDataException>(() => Open("data")).Message.ShouldContain("is missing");
        File.Exists(_folder["data/epoch"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("0123456789ab")]
    [InlineData("0123456789ab\n")]
    [InlineData("0123456789ab\r\n")]
    public void An_epoch_that_was_put_back_by_hand_is_taken(string content)
    {
        Open("data").Dispose();
        File.WriteAllText(_folder["data/epoch"], content);
        using var directory = Open("data");
        directory.Epoch.ShouldBe("0123456789ab");
    }

    [Fact]
    public void A_start_that_was_cut_off_while_it_made_the_epoch_is_made_good_by_the_next()
    {
        Directory.CreateDirectory(_folder["data"]);
        File.WriteAllText(_folder["data/epoch.tmp"], "0123");
        using var directory = Open("data");
        directory.Epoch.ShouldMatch("^[0-9a-z]{12}$");
        File.Exists(_folder["data/epoch.tmp"]).ShouldBeFalse();
    }

    [Fact]
    public void A_path_that_is_no_directory_is_an_io_failure()
    {
        File.WriteAllText(_folder["data"], "");
        Should.Throw<IOException>(() => Open("data")).Message.ShouldContain(_folder["data"]);
    }

    private DataDirectory Open(string name) => new(_disk, _folder[name]);
}

using TelemetryHub.Core.Journaling.Disks;
using TelemetryHub.Server.Journaling;

namespace TelemetryHub.Server.Tests.Journaling;

public sealed class JournalReadinessTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_journal_that_is_well_has_nothing_to_say()
    {
        await using var journal = OpenJournal.At(_folder["data"]);

        var check = Check(journal);

        (check.Problem, check.Warning).ShouldBe((null, null));
    }

    [Fact]
    public async Task What_was_set_aside_is_a_warning_until_it_is_taken_away()
    {
        await OpenJournal.WriteAsync(_folder["data"], batches: 40);
        foreach (var index in Directory.GetFiles(_folder["data/journal"], "*.index"))
            File.Delete(index);
        var segment = _folder["data/journal/0000000002.segment"];
        var bytes = File.ReadAllBytes(segment);
        bytes[50_000]++;
        File.WriteAllBytes(segment, bytes);

        for (var start = 0; start < 2; start++)
        {
            await using var journal = OpenJournal.At(_folder["data"]);
            var check = Check(journal);
            check.Problem.ShouldBeNull();
            check.Warning.ShouldBe("journal: damage was set aside, events are missing: 0000000002.segment.damaged");
        }

        File.Delete(segment + ".damaged");
        await using var last = OpenJournal.At(_folder["data"]);
        Check(last).Warning.ShouldBeNull();
    }

    private static JournalReadiness Check(OpenJournal journal) => new(journal.Journal, journal.Directory, new LocalDisk());
}

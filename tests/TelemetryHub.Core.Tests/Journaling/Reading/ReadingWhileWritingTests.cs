using System.Globalization;
using System.Text;
using TelemetryHub.Core.Events;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Reading;
using TelemetryHub.Core.Log;
using TelemetryHub.Mqtt.Topics;

namespace TelemetryHub.Core.Tests.Journaling.Reading;

public sealed class ReadingWhileWritingTests
{
    private const int Events = 60_000;

    [Fact]
    public async Task Readers_follow_a_log_that_is_written_indexed_and_dropped_and_account_for_every_event()
    {
        await using var test = new TestJournal
        {
            Settings = new JournalSettings { SegmentBytes = 256 << 10, MaxBytes = 2 << 20, WriteDelay = TimeSpan.FromMilliseconds(1) },
        };
        test.Open();
        var first = test.Journal.Next;
        using var over = new CancellationTokenSource();
        Task[] readers =
        [
            .. new[] { null, "t/1", "t/+" }.Select(filter => Task.Run(() => Follow(test.Journal, filter, first, over.Token), over.Token)),
        ];
        for (var number = 0; number < Events; number++)
        {
            var ticket = test.Append($"t/{number % 10}", number.ToString(CultureInfo.InvariantCulture));
            test.Journal.Routed(test.Journal.Next);
            if (number % 1000 == 0)
                await test.KeptAsync(ticket);
        }
        await test.KeptAsync(test.Append("t/1", Events.ToString(CultureInfo.InvariantCulture)));
        await over.CancelAsync(); // from now on the end is the end
        await Task.WhenAll(readers);
    }

    // As fast as it can: that is the load. Events and gaps follow one another without a hole, and each event is the one that was appended under its sequence.
    private static void Follow(Journal journal, string? filter, long first, CancellationToken over)
    {
        using var reader = journal.OpenReader(JournalStart.At(first), filter is null ? null : TopicFilter.Parse(filter));
        var into = new Event[100];
        var next = first;
        while (true)
        {
            var isOver = over.IsCancellationRequested;
            var count = reader.Read(into, out var gap);
            foreach (var @event in into.AsSpan(0, count))
            {
                if (filter == "t/1")
                    @event.Sequence.ShouldBeGreaterThanOrEqualTo(next);
                else
                    @event.Sequence.ShouldBe(next);
                next = @event.Sequence + 1;
                Encoding.UTF8.GetString(@event.Payload).ShouldBe((@event.Sequence - first).ToString(CultureInfo.InvariantCulture));
            }
            if (gap is { } missing)
            {
                missing.Reason.ShouldBe(GapReason.Dropped);
                missing.From.ShouldBeGreaterThanOrEqualTo(next);
                next = missing.To;
            }
            else if (count == 0 && isOver)
            {
                break;
            }
        }
        next.ShouldBe(first + Events + 1);
    }
}

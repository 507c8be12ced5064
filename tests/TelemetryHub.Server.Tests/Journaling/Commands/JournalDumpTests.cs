using System.Globalization;
using System.Text.Json;
using TelemetryHub.Server.Hosting;

namespace TelemetryHub.Server.Tests.Journaling.Commands;

public sealed class JournalDumpTests : IDisposable
{
    private const long Noon = 1769860800000; // 2026-01-31T12:00:00Z

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_event_is_a_line_in_order_with_its_id()
    {
        await using var journal = OpenJournal.At(_folder["data"]);
        var events = await journal.AppendAsync(400);

        var lines = Tool.Run(_folder["data"], "dump").ShouldBeFine().Lines.Select(line => JsonDocument.Parse(line).RootElement).ToList();

        lines.Select(line => line.GetProperty("id").GetString())
            .ShouldBe(events.Select(@event => string.Create(CultureInfo.InvariantCulture, $"{journal.Epoch}-{@event.Sequence}")));
        lines.Select(line => line.GetProperty("topic").GetString()).ShouldBe(events.Select(@event => @event.Topic.Name.ToString()));
        lines[7].GetProperty("payload").GetString().ShouldStartWith("7 xxx");
        lines[7].GetProperty("client").GetString().ShouldBe("device-1");
    }

    [Fact]
    public async Task Topics_places_and_a_limit_choose_the_events()
    {
        string epoch;
        await using (var journal = OpenJournal.At(_folder["data"]))
        {
            epoch = journal.Epoch;
            for (var i = 0; i < 6; i++)
                await journal.AppendAsync($"plant/{i % 3}", $"{i}", time: Noon + (i * 60_000));
        }

        Dump().ShouldBe("012345");
        Dump("--topic=plant/1").ShouldBe("14");
        Dump("--topic=plant/1", "--topic=plant/2").ShouldBe("1245");
        Dump("--topic=#", "--topic=plant/2").ShouldBe("012345");
        Dump("--topic=plant/+/x").ShouldBe("");
        Dump("--from=3").ShouldBe("2345");
        Dump("--from=3", "--to=5").ShouldBe("23");
        Dump($"--from={epoch}-6").ShouldBe("5");
        Dump("--from=2026-01-31T12:02:00Z", "--to=2026-01-31T13:04:00+01:00").ShouldBe("23");
        Dump("--to=2026-01-31").ShouldBe("");
        Dump("--from=2026-01-31", "--limit=2").ShouldBe("01");
        Dump("--from=1000d", "--to=5s").ShouldBe("012345");
        Dump("--limit=1", "--topic=plant/2").ShouldBe("2");
        Dump("--from=9999999").ShouldBe("");
    }

    [Theory]
    [InlineData("--from: 'soon' is no place in the log (a sequence: 4711; an id: ", "--from=soon")]
    [InlineData("--to: '1/2' is no place in the log", "--to=1/2")]
    [InlineData("--from: 'k3v9q0a7m2xz-1' is a place in another log; this one is ", "--from=k3v9q0a7m2xz-1")]
    [InlineData("--from must come before --to", "--from=5", "--to=5")]
    [InlineData("--from must come before --to", "--from=1h", "--to=2h")]
    [InlineData("--topic: 'a/#/b' is not a topic filter", "--topic=a/#/b")]
    [InlineData("--topic: '$share/g/a' is not a topic filter", "--topic=$share/g/a")]
    [InlineData("--limit: '0' is not a number of events", "--limit=0")]
    [InlineData("--limit: 'many' is not a number of events", "--limit=many")]
    public async Task Options_that_make_no_sense_are_wrong_usage(string expected, params string[] options)
    {
        await using (OpenJournal.At(_folder["data"]))
        {
        }

        var tool = Tool.Run(_folder["data"], ["dump", .. options]);

        tool.ExitCode.ShouldBe(ExitCode.WrongConfiguration);
        tool.Error.ShouldStartWith("TelemetryHub journal dump: " + expected);
        tool.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task Damage_leaves_out_what_it_took_and_nothing_else()
    {
        await OpenJournal.WriteAsync(_folder["data"], batches: 40);
        var segment = _folder["data/journal/0000000002.segment"];
        var bytes = File.ReadAllBytes(segment);
        bytes[50_000]++;
        File.WriteAllBytes(segment, bytes);

        var tool = Tool.Run(_folder["data"], "dump");

        tool.ExitCode.ShouldBe(ExitCode.Success);
        tool.Lines.Length.ShouldBe(399);
        tool.Error.ShouldMatch(@"^gap: events (\d+) to \1 are lost by damage\n$");
    }

    [Fact]
    public async Task What_retention_took_before_the_place_is_a_gap()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        File.Delete(_folder["data/journal/0000000001.segment"]);

        Tool.Run(_folder["data"], "dump", "--from=100").Error.ShouldBe("gap: events 100 to 129 were dropped by retention\n");
        Tool.Run(_folder["data"], "dump").ShouldBeFine().Lines.Length.ShouldBe(271);
    }

    [Fact]
    public async Task It_ends_when_nobody_reads_any_more()
    {
        await OpenJournal.WriteAsync(_folder["data"]);
        using var output = new ClosedPipe();

        Tool.Run(output, _folder["data"], "dump").ShouldBeFine();

        output.Writes.ShouldBe(1);
    }

    [Fact]
    public async Task A_hub_that_writes_and_drops_meanwhile_does_not_disturb_it()
    {
        await using var journal = OpenJournal.At(_folder["data"], maxBytes: 1 << 20);
        var writing = Task.Run(() => journal.AppendAsync(20_000), TestContext.Current.CancellationToken);

        do
        {
            var tool = Tool.Run(_folder["data"], "dump");
            tool.ExitCode.ShouldBe(ExitCode.Success, tool.Error);
            var sequences = tool.Lines.Select(line => long.Parse(line.Split('"')[3].Split('-')[1], CultureInfo.InvariantCulture)).ToList();
            sequences.ShouldBeInOrder();
            if (sequences.Count > 0 && tool.Error.Length == 0)
                (sequences[^1] - sequences[0] + 1).ShouldBe(sequences.Count);
        }
        while (!writing.IsCompleted);

        await writing;
    }

    private string Dump(params string[] options) => string.Concat(Tool.Run(_folder["data"], ["dump", .. options]).ShouldBeFine().Lines
        .Select(line => JsonDocument.Parse(line).RootElement.GetProperty("payload").GetInt32()));

    private sealed class ClosedPipe : MemoryStream
    {
        private const int BrokenPipe = 32; // EPIPE

        public int Writes { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Writes++;
            throw new IOException("Broken pipe", BrokenPipe);
        }
    }
}

using System.Globalization;
using System.Net;
using System.Text.Json;
using Serilog.Events;
using Serilog.Formatting;
using TelemetryHub.Server.Logging;

namespace TelemetryHub.Server.Tests.Logging;

public class LineFormatTests
{
    private static readonly LogEvent Line = Lines.Line(
        "{Client} sent {Count} messages", ("Client", "pump\n2030 \"ERR\""), ("Count", 7), ("SourceContext", "TelemetryHub.Broker.Session"));

    [Fact]
    public void Text_is_one_line_whatever_a_client_calls_itself() =>
        Format(new TextLine(), Line).ShouldBe("2026-01-31 12:00:00.123 INF Broker.Session: pump\\u000a2030 \"ERR\" sent 7 messages\n");

    [Fact]
    public void Json_is_one_line_with_the_values_under_their_names()
    {
        var text = Format(new JsonLine(), Line);

        text.Count('\n').ShouldBe(1);
        var json = JsonDocument.Parse(text).RootElement;
        json.GetProperty("time").GetDateTimeOffset().ShouldBe(Lines.Time);
        json.GetProperty("level").GetString().ShouldBe("information");
        json.GetProperty("source").GetString().ShouldBe("TelemetryHub.Broker.Session");
        json.GetProperty("message").GetString().ShouldBe("pump\n2030 \"ERR\" sent 7 messages");
        json.GetProperty("values").GetProperty("Count").GetInt32().ShouldBe(7);
        json.GetProperty("values").GetProperty("Client").GetString().ShouldBe("pump\n2030 \"ERR\"");
        json.GetProperty("values").TryGetProperty("SourceContext", out _).ShouldBeFalse();
    }

    [Fact]
    public void Words_addresses_and_numbers_stand_without_quotes()
    {
        var line = Lines.Line(
            "{Peer} closed: {Reason} after {Elapsed}, {Ratio}",
            ("Peer", IPEndPoint.Parse("127.0.0.1:7")), ("Reason", DayOfWeek.Monday), ("Elapsed", TimeSpan.FromSeconds(1)), ("Ratio", 0.5));

        Format(new TextLine(), line).ShouldEndWith("INF 127.0.0.1:7 closed: Monday after 00:00:01, 0.5\n");
        Format(new JsonLine(), line).ShouldContain("\"message\":\"127.0.0.1:7 closed: Monday after 00:00:01, 0.5\"");
    }

    [Fact]
    public void An_exception_follows()
    {
        var line = new LogEvent(Lines.Time, LogEventLevel.Error, new IOException("disk"), Line.MessageTemplate, []);

        Format(new TextLine(), line).ShouldContain("\nSystem.IO.IOException: disk\n");
        Format(new JsonLine(), line).ShouldContain("\"exception\":\"System.IO.IOException: disk\"");
    }

    private static string Format(ITextFormatter formatter, LogEvent line)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        formatter.Format(line, output);
        return output.ToString();
    }
}

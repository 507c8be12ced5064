using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using TelemetryHub.Core.Journaling;
using TelemetryHub.Core.Journaling.Inspection;

namespace TelemetryHub.Server.Journaling.Commands;

/// <summary>A report as one JSON object.</summary>
internal static class JournalReportJson
{
    private static readonly JsonWriterOptions Options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(JournalReport report, TextWriter output)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
            Write(report, json);

        output.WriteLine(Encoding.UTF8.GetString(bytes.WrittenSpan));
    }

    private static void Write(JournalReport report, Utf8JsonWriter json)
    {
        var held = DirectoryLock.IsHeld(report.Data, out var process);
        json.WriteStartObject();
        json.WriteString("data", Path.GetFullPath(report.Data));
        json.WriteBoolean("inUse", held);
        if (process is { } id)
            json.WriteNumber("process", id);

        json.WriteString("epoch", report.Epoch);
        json.WriteNumber("events", report.Events);
        json.WriteNumber("bytes", report.Bytes);
        json.WriteNumber("nextSequence", report.NextSequence);
        json.WriteStartArray("segments");
        foreach (var segment in report.Segments)
            Write(segment, json);

        json.WriteEndArray();
        json.WriteStartArray("snapshots");
        foreach (var snapshot in report.Snapshots)
            json.WriteNumberValue(snapshot);

        json.WriteEndArray();
        if (report.Problems is { } problems)
        {
            Write("problems", problems, json);
            Write("notes", report.Notes, json);
        }

        json.WriteEndObject();
    }

    private static void Write(SegmentFacts segment, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("number", segment.Number);
        json.WriteString("state", JournalReport.Word(segment.Kind));
        json.WriteNumber("bytes", segment.Bytes);
        json.WriteNumber("firstSequence", segment.FirstSequence);
        json.WriteNumber("nextSequence", segment.NextSequence);
        json.WriteNumber("events", segment.Events);
        json.WriteString("created", JournalReport.Time(segment.Created));
        if (segment.MinTime <= segment.MaxTime)
        {
            json.WriteString("from", JournalReport.Time(segment.MinTime));
            json.WriteString("to", JournalReport.Time(segment.MaxTime));
        }

        json.WriteEndObject();
    }

    private static void Write(string name, IReadOnlyList<string> lines, Utf8JsonWriter json)
    {
        json.WriteStartArray(name);
        foreach (var line in lines)
            json.WriteStringValue(line);

        json.WriteEndArray();
    }
}

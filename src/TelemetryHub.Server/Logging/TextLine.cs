using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace TelemetryHub.Server.Logging;

/// <summary><c>2026-01-31 12:00:00.000 INF Broker.Sessions: message</c>, the exception below it.</summary>
internal sealed class TextLine : ITextFormatter
{
    private const string OurNamespace = "TelemetryHub.";
    private static readonly MessageTemplateTextFormatter Message = new("{Message:l}", CultureInfo.InvariantCulture);

    public void Format(LogEvent logEvent, TextWriter output)
    {
        output.Write(logEvent.Timestamp.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
        output.Write(' ');
        output.Write(Level(logEvent.Level));
        output.Write(' ');
        if (logEvent.Source() is { } source)
        {
            output.Write(source.StartsWith(OurNamespace, StringComparison.Ordinal) ? source[OurNamespace.Length..] : source);
            output.Write(": ");
        }

        WriteMessage(logEvent, output);
        output.Write('\n');
        if (logEvent.Exception is { } exception)
            output.Write($"{exception}\n");
    }

    /// <summary>A client chooses its name and could write a line of its own into the log: control characters are shown, not written.</summary>
    private static void WriteMessage(LogEvent logEvent, TextWriter output)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, message);
        foreach (var character in message.ToString())
        {
            if (char.IsControl(character))
                output.Write($"\\u{(int)character:x4}");
            else
                output.Write(character);
        }
    }

    private static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "TRC",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        _ => "CRT",
    };
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Formatting.Display;

namespace TelemetryHub.Server.Logging;

/// <summary>One JSON object per line: time, level, source, message, the message's values under their names, exception.</summary>
internal sealed class JsonLine : ITextFormatter
{
    private static readonly MessageTemplateTextFormatter Message = new("{Message:l}", CultureInfo.InvariantCulture);

    // A log is not a web page: '<' and 'ü' may stay what they are.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public void Format(LogEvent logEvent, TextWriter output)
    {
        var line = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(line, Options))
            Write(logEvent, json);

        output.Write(Encoding.UTF8.GetString(line.WrittenSpan));
        output.Write('\n');
    }

    private static void Write(LogEvent logEvent, Utf8JsonWriter json)
    {
        using var message = new StringWriter(CultureInfo.InvariantCulture);
        Message.Format(logEvent, message);
        json.WriteStartObject();
        json.WriteString("time", logEvent.Timestamp.UtcDateTime);
        json.WriteString("level", logEvent.Level.ToString().ToLowerInvariant());
        if (logEvent.Source() is { } source)
            json.WriteString("source", source);

        json.WriteString("message", message.ToString());
        json.WriteStartObject("values");
        foreach (var (name, value) in logEvent.Properties)
        {
            if (name != Constants.SourceContextPropertyName)
                WriteValue(json, name, value);
        }

        json.WriteEndObject();
        if (logEvent.Exception is { } exception)
            json.WriteString("exception", exception.ToString());

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, string name, LogEventPropertyValue value)
    {
        switch ((value as ScalarValue)?.Value)
        {
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int or long or short or byte or uint or ushort:
                json.WriteNumber(name, Convert.ToInt64(((ScalarValue)value).Value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case string text:
                json.WriteString(name, text);
                break;
            default:
                json.WriteString(name, value.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }
}

using System.Buffers;
using System.Text;
using TelemetryHub.Core.Feeds.Encodings.Cbor;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Messages;

/// <summary>CBOR maps as the protocol has them.</summary>
internal static class Items
{
    public static byte[] Map(params (string Name, object Value)[] fields)
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new CborWriter(output);
        writer.WriteMap(fields.Length);
        foreach (var (name, value) in fields)
        {
            writer.WriteText(name);
            if (value is string text) writer.WriteText(text);
            if (value is byte[] bytes) writer.WriteBytes(bytes);
            if (value is bool flag) writer.WriteBool(flag);
            if (value is long number) writer.WriteInteger(number);
            if (value is not string[] texts) continue;
            writer.WriteArray(texts.Length);
            foreach (var one in texts) writer.WriteText(one);
        }

        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The maps of a frame: texts and numbers as they are, bytes in hexadecimal digits.</summary>
    public static List<Dictionary<string, string>> Read(byte[] frame)
    {
        var maps = new List<Dictionary<string, string>>();
        var reader = new CborReader(frame);
        while (reader.TryReadMap())
        {
            var map = new Dictionary<string, string>();
            while (reader.MoveNext())
            {
                reader.TryReadText(out var name).ShouldBeTrue();
                map.Add(Encoding.UTF8.GetString(name), Value(ref reader));
            }

            maps.Add(map);
        }

        reader.IsBroken.ShouldBeFalse();
        return maps;
    }

    private static string Value(ref CborReader reader)
    {
        if (reader.TryReadText(out var text)) return Encoding.UTF8.GetString(text);
        if (reader.TryReadBytes(out var bytes)) return Convert.ToHexString(bytes);
        if (reader.TryReadInteger(out var number)) return $"{number}";
        if (reader.TryReadBool(out var flag)) return $"{flag}";
        reader.TrySkip().ShouldBeTrue();
        return "";
    }
}

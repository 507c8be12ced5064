using TelemetryHub.EndToEnd.Tests.Raw;

namespace TelemetryHub.EndToEnd.Tests.WrongPackets;

/// <summary>One line of the tables beside this file. <paramref name="Version"/> 0: it is sent on a fresh connection.</summary>
public sealed record WrongPacket(string Name, int Version, byte[] Bytes, Answer[] Answers)
{
    private static readonly string[] Tables =
        ["connect", "connect-properties", "framing", "publish", "subscribe", "acknowledgements"];

    /// <summary>All lines of all tables, by the name of the table and their own.</summary>
    public static IReadOnlyDictionary<string, WrongPacket> All { get; } = Tables.SelectMany(Read).ToDictionary(packet => packet.Name);

    /// <summary>The lines of an embedded table that are not comments.</summary>
    public static IEnumerable<string> Lines(string table)
    {
        using var stream = typeof(WrongPacket).Assembly.GetManifestResourceStream($"{table}.txt")
            ?? throw new FileNotFoundException($"{table}.txt is not embedded.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#') yield return line;
        }
    }

    private static IEnumerable<WrongPacket> Read(string table) => Lines(table).Select(line => Parse(table, line));

    private static WrongPacket Parse(string table, string line)
    {
        var columns = line.Split(" | ");
        if (columns.Length != 4) throw new FormatException($"{table}: four columns are expected in: {line}");
        return new WrongPacket(
            $"{table}: {columns[0].Trim()}",
            columns[1].Trim() == "fresh" ? 0 : int.Parse(columns[1]),
            PacketNotation.Parse(columns[2]),
            [.. columns[3].Split(" or ").Select(Answer.Parse)]);
    }
}
